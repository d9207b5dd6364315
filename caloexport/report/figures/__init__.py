"""Pictures of showers. matplotlib is imported only when one is drawn."""

from __future__ import annotations

from caloexport.report.figures.save import save_figure
from caloexport.report.figures.shower import ShowerPicture, shower_figure

__all__ = ["ShowerPicture", "save_figure", "shower_figure"]
