"""The report of a comparison as one page: verdict, figures, single showers, tables, card."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.parts import parts_of
from caloexport.report.figures.speed_plane import speed_planes
from caloexport.report.html.bundle import bundle
from caloexport.report.html.embedded import embedded, finite
from caloexport.report.html.figure_data import energy_labels, picture_data
from caloexport.report.html.page_tables import page_tables
from caloexport.report.html.shower_pairs import shower_pairs
from caloexport.report.html.sources import Source
from caloexport.report.speed import Speed
from caloexport.runtime.files import atomic_output
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import Watch, together
from caloexport.validation.verdict import Verdict
from caloexport.validation.windows import Window

SCHEMA = "caloexport.report/1"
ALL_SHOWERS = "all"


@dataclass(frozen=True)
class Context:
    """Where a report comes from.

    Attributes:
        sources: both samples.
        machine: label and text of each row: versions, processor.
        profile: of the thresholds.
        card: of the model that made the generated sample; empty for a file.
        date: of the report, in UTC; "" leaves it out, so that the same input gives the same bytes.
        speed: of that model.
    """

    sources: Sequence[Source]
    machine: Sequence[tuple[str, str]]
    profile: str
    card: Sequence[tuple[str, str]] = ()
    date: str = ""
    speed: Speed | None = None


@dataclass
class ComparisonPage:
    """A report that is being made.

    Attributes:
        compared: pictures of all showers.
        parts: label and pictures of one angle or geometry each.
        showers: single showers, once they were read.
    """

    compared: ComparedPictures
    parts: Mapping[str, ComparedPictures]
    showers: dict[str, Any] = field(default_factory=dict)

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """What has to see every block of both samples."""
        pairs = [one.watches for one in (self.compared, *self.parts.values())]
        return together(*(pair[0] for pair in pairs)), together(*(pair[1] for pair in pairs))

    def read_showers(self, reference: Showers, generated: Showers, verdict: Verdict) -> None:
        """Read the single showers that the page shows; none where nothing could be measured."""
        if verdict.windows:
            self.showers = shower_pairs(reference, generated)
        else:
            self.showers = {"mesh": reference.mesh.to_json(), "pairs": []}

    def render(self, verdict: Verdict, context: Context) -> str:
        """Return the page, which is the same for the same input."""
        measured = verdict.energy is not None and bool(verdict.energy.points)
        parts = self._parts(measured)
        planes = speed_planes(verdict.published, verdict.generated, context.speed)
        data = {
            "schema": SCHEMA,
            "reference": verdict.reference,
            "generated": verdict.generated,
            "date": context.date,
            "verdict": finite(verdict.to_json()),
            "card": [list(row) for row in context.card],
            "sources": [
                {"role": one.role, "name": one.name, "showers": one.showers,
                 "files": [{"name": name, "sha256": sha256} for name, sha256 in one.files]}
                for one in context.sources
            ],
            "parts": parts,
            "planes": [plane.to_json() for plane in planes],
            "showers": self.showers,
        }  # fmt: skip
        pictures = {
            one["name"]: "response" if one["name"] == "energy-response" else "figures"
            for one in parts[0]["pictures"]
        }
        script, style = bundle("html/scripts/report.js"), style_sheet()
        return _template().render(
            verdict=verdict,
            names={"reference": _name(verdict.reference), "generated": _name(verdict.generated)},
            context=context,
            tables=page_tables(verdict, self.compared.frame.mesh),
            script=script,
            style=style,
            script_hash=_hash(script),
            style_hash=_hash(style),
            data=embedded(data),
            has_response="energy-response" in pictures,
            pictures=pictures,
            has_pairs=bool(self.showers.get("pairs")),
            missing=self.compared.missing,
        )

    def write(self, path: Path, verdict: Verdict, context: Context) -> None:
        """Write the page whole, or not at all.

        Raises:
            OutputFileError: the place cannot be written.
        """
        text = self.render(verdict, context)
        with atomic_output(path) as temporary:
            # names of files may hold bytes that are no letters
            temporary.write_text(text, encoding="utf-8", errors="replace")

    def _parts(self, measured: bool) -> list[dict[str, Any]]:
        parts = []
        for label, compared in {ALL_SHOWERS: self.compared, **self.parts}.items():
            # of cells that are no energies, and without an energy in common, there is nothing
            usable = compared.at_every_energy if measured and compared.frame.windows else []
            pictures = [picture_data(one) for one in usable]
            if pictures or label == ALL_SHOWERS:
                energies = energy_labels(pictures)
                parts.append({"label": label, "energies": energies, "pictures": pictures})
        return parts


def comparison_page(
    reference: Showers,
    generated: Showers,
    windows: Sequence[Window] | None = None,
    untrained_mev: Sequence[float] = (),
    compared: ComparedPictures | None = None,
) -> ComparisonPage:
    """Begin a report of two samples that are not read yet.

    Args:
        reference, generated: samples of one mesh.
        windows, untrained_mev: as for :class:`ComparedPictures`.
        compared: pictures that others use too.
    """
    if compared is None:
        compared = ComparedPictures(reference, generated, windows, untrained_mev)
    parts = {
        part.label: ComparedPictures(reference, generated, windows, untrained_mev, part)
        for part in parts_of(reference.conditions, generated.conditions)
    }
    return ComparisonPage(compared, parts)


def style_sheet() -> str:
    """Return the style of all pages and of this one."""
    folder = files("caloexport.report")
    own = [folder / "html" / name for name in ("comparison.css", "plane.css")]
    parts = (folder / "style.css", *own)
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def _name(sample: str) -> str:
    """Return the name of a sample without the folders of its file."""
    return sample.rstrip("/").rpartition("/")[2] or sample


def _hash(text: str) -> str:
    """Return the name of an element's text in a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("caloexport.report.html", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("comparison.html")
