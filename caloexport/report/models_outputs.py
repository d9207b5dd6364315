"""What a comparison of several models is written as: figures and a page of each, and an index."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.overlaid import overlaid
from caloexport.report.figures.speed_plane import SpeedPlane
from caloexport.report.figures.write_comparison import FORMATS, ComparisonFigures, write_pictures
from caloexport.report.html.comparison_page import Context
from caloexport.report.models_page import models_page
from caloexport.report.outputs import Outputs
from caloexport.report.page import links_to
from caloexport.runtime.errors import OutputFileError, UsageError
from caloexport.runtime.extras import require
from caloexport.runtime.files import atomic_output, require_place
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import Watch
from caloexport.validation.models_compared import ModelsCompared
from caloexport.validation.windows import Window

#: folder of the figures that show all models; no model is called so
TOGETHER = "together"

#: (figures done, what is drawn)
Advance = Callable[[int, str], None]
Progress = Callable[[int], AbstractContextManager[Advance]]


class ModelsOutputs:
    """Figures and pages of several models, which gather what they show in one pass.

    Args:
        figures: folder to make, with one folder for each model; or None.
        html: page to write, with one page for each model beside it; or None.
        reference: that is not read yet.
        models: samples by the name of the model, not read yet.
        windows, untrained_mev: as for :class:`ComparedPictures`.
        seed: of showers that a model makes outside of its range.
        formats: of the files of figures.

    Raises:
        MissingDependency: figures need matplotlib; the pages do not.
        OutputFileError: a place does not exist.
        UsageError: something else stands where a model's page would.
    """

    def __init__(
        self,
        figures: Path | None,
        html: Path | None,
        reference: Showers,
        models: Mapping[str, Showers],
        windows: Sequence[Window] | None = None,
        untrained_mev: Sequence[float] = (),
        seed: int = 0,
        formats: Sequence[str] = FORMATS,
    ) -> None:
        self._figures, self._html, self._formats = figures, html, formats
        self._reference, self._models = reference, models
        if figures is not None:
            require("matplotlib", extra="plot")
            require_place(figures, folder=True)
        if html is not None:
            require_place(html)
            require_own_pages(html, models)
        self._outputs = {
            name: Outputs(
                None, None if html is None else page_of(html, name), reference, showers, windows,
                untrained_mev, seed, gather=figures is not None,
            )
            for name, showers in models.items()
        }  # fmt: skip

    @property
    def watches(self) -> list[tuple[Watch, Watch]]:
        """What has to see every block, for each model."""
        return [one.watches for one in self._outputs.values()]

    def write_pages(self, found: ModelsCompared, contexts: Mapping[str, Context]) -> list[Path]:
        """Write a page for each model, then the index, and return their places.

        Raises:
            OutputFileError: a place cannot be written.
        """
        assert self._html is not None
        places = {name: page_of(self._html, name) for name in self._models}
        for name, outputs in self._outputs.items():
            outputs.write_page(places[name], found.verdicts[name], contexts[name])
        links = {name: place.name for name, place in places.items()}
        with atomic_output(self._html) as temporary:
            models_page(found, contexts, links).write(temporary)
        return [*places.values(), self._html]

    def draw(
        self,
        found: ModelsCompared,
        progress: Progress,
        planes: Mapping[str, Sequence[SpeedPlane]],
    ) -> int:
        """Draw the figures of every model into a folder of its own, those of all into ``together``.

        Models that have no energy in common with the reference have none.

        Args:
            found: the models, compared.
            planes: of published numbers, by the name of the model.
            progress: (number of figures) -> a context that gives (figures done, what is drawn).

        Returns:
            the number of figures.

        Raises:
            OutputFileError: the folder cannot be written, or holds something else.
        """
        assert self._figures is not None
        drawn = self._drawn(found)
        joined = overlaid([one.pictures for one in drawn.values()]) if len(drawn) > 1 else []
        total, done = len(joined) + sum(len(one.pictures) for one in drawn.values()), 0
        if not total:
            return 0
        with _folder(self._figures), progress(total) as advance:

            def told(n: int, _: int, text: str) -> None:
                advance(done + n, text)

            for name, compared in drawn.items():
                figures = ComparisonFigures(self._figures / name, compared, self._formats)
                figures.planes = planes.get(name, ())
                done += len(figures.write(told))
            if joined:
                names = [self._reference.name, *drawn]
                index = {"reference": self._reference.name, "generated": [*drawn]}
                place = self._figures / TOGETHER
                write_pictures(place, joined, names, index, self._formats, told)
        return total

    def _drawn(self, found: ModelsCompared) -> dict[str, ComparedPictures]:
        """Return the pictures of the models that have any."""
        drawn = {}
        for name, outputs in self._outputs.items():
            energy = found.verdicts[name].energy
            if outputs.compared is not None and energy is not None and energy.points:
                drawn[name] = outputs.compared
        return drawn


@contextlib.contextmanager
def _folder(place: Path) -> Iterator[None]:
    """Make a folder, which does not stay if nothing came into it."""
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {error.strerror or error}"
        raise OutputFileError(message, where=str(place), hint="choose another place") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it is not empty
            place.rmdir()


def require_own_pages(index: Path, names: Iterable[str]) -> None:
    """Refuse to replace what stands where a model's page would, and is no page of the index that is there.

    Args:
        index: that will be written, and may be there from before.
        names: of the models.

    Raises:
        UsageError: names the file.
        OutputFileError: a folder stands there.
    """
    known = index.read_text("utf-8", "replace") if index.is_file() else ""
    for place in (page_of(index, name) for name in names):
        require_place(place)
        if place.exists() and not links_to(known, place.name):
            message = f"is there, and would be replaced by a page that '{index.name}' links to"
            hint = "move it, or give the index another name by --html"
            raise UsageError(message, where=str(place), hint=hint)


def page_of(index: Path, name: str) -> Path:
    """Return where the page of a model stands.

    >>> page_of(Path("report.html"), "gan").name
    'report-gan.html'
    """
    return index.with_name(f"{index.stem}-{name}{index.suffix}")
