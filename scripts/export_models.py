"""Write the files of a release: every model of models/ in the formats that its exports.toml lists.

    python scripts/export_models.py -o release

Each file is verified before it appears; SHA256SUMS is written beside them.
"""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.runtime.files import atomic_output, sha256_of
from caloexport.training.publishing.exports import LIST, read_exports, size_of, write_exports

MODELS = Path(__file__).parents[1] / "models"


@click.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--models", default=MODELS, type=click.Path(path_type=Path), show_default="models/")
def main(output: Path, models: Path) -> None:
    """Write all files to a new folder."""
    with atomic_output(output, folder=True) as folder:
        for listed in sorted(models.glob(f"*/{LIST}")):
            model = listed.parent
            for _, path in write_exports(model, read_exports(model), folder):
                click.echo(f"{path.name}  {size_of(path) / 1e6:.2f} MB")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sums = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
        (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


if __name__ == "__main__":
    main()
