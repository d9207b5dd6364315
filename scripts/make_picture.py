"""Remake the README's picture: a real shower beside one of the shipped model."""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.open import open_model
from caloexport.quickstart.pictures import side_by_side
from caloexport.report.figures.save import save_figure
from caloexport.shipped import default_decoder

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "real-and-generated.png"

if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    save_figure(side_by_side(open_model(default_decoder())), PICTURE)
