"""What a comparison is written as besides its verdict: a folder of figures, a page, or both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caloexport.report.figures.compared import ComparedPictures
from caloexport.report.figures.write_comparison import FORMATS, ComparisonFigures
from caloexport.report.html.comparison_page import ComparisonPage, Context, comparison_page
from caloexport.runtime.files import require_place
from caloexport.showers.showers import Showers
from caloexport.validation.beyond import showers_beyond
from caloexport.validation.measurement import Watch, ignore
from caloexport.validation.verdict import Verdict
from caloexport.validation.windows import Window


class Outputs:
    """Figures and page of two samples, which gather what they show in one pass.

    Attributes:
        figures: to draw; None for none.
        page: to write; None for none.
        compared: what figures show; None where nothing shows it.

    Args:
        figures: folder to make, or None.
        html: page to write, or None.
        reference, generated: samples that are not read yet.
        windows, untrained_mev: as for :class:`ComparedPictures`.
        seed: of showers that a model makes outside of its range.
        formats: of the files of figures.
        gather: gather what figures show although no folder is made: another draws them.

    Raises:
        MissingDependency: figures need matplotlib; the page does not.
        OutputFileError: nothing can be written at a place.
    """

    def __init__(
        self,
        figures: Path | None,
        html: Path | None,
        reference: Showers,
        generated: Showers,
        windows: Sequence[Window] | None = None,
        untrained_mev: Sequence[float] = (),
        seed: int = 0,
        formats: Sequence[str] = FORMATS,
        *,
        gather: bool = False,
    ) -> None:
        self.figures: ComparisonFigures | None = None
        self.page: ComparisonPage | None = None
        self.compared: ComparedPictures | None = None
        self._samples = reference, generated
        if figures is None and html is None and not gather:
            return
        beyond = showers_beyond(reference, generated, seed=seed)
        self.compared = ComparedPictures(
            reference, generated, windows, untrained_mev, beyond=beyond
        )
        if figures is not None:
            self.figures = ComparisonFigures(figures, self.compared, formats)
        if html is not None:
            require_place(html)
            self.page = comparison_page(reference, generated, windows, untrained_mev, self.compared)

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """What has to see every block of both samples."""
        if self.page is not None:
            return self.page.watches
        return (ignore, ignore) if self.compared is None else self.compared.watches

    def write_page(self, path: Path, verdict: Verdict, context: Context) -> None:
        """Read the single showers that the page shows, and write it.

        Raises:
            OutputFileError: the place cannot be written.
        """
        assert self.page is not None
        self.page.read_showers(*self._samples, verdict)
        self.page.write(path, verdict, context)
