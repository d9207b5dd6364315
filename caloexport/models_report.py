"""Several models against one reference: opened, judged in one pass over it, and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from caloexport.comparison_report import context_of, date_of_report, speed_of
from caloexport.report.figures.speed_plane import speed_planes
from caloexport.report.figures.write_comparison import FORMATS
from caloexport.report.models_outputs import ModelsOutputs, Progress
from caloexport.report.speed import Speed
from caloexport.showers.containers import is_shower_file
from caloexport.showers.joined import open_joined
from caloexport.showers.showers import Showers
from caloexport.validation.asked_distances import AskedDistances
from caloexport.validation.generated import generated_showers
from caloexport.validation.model_names import distinct_names
from caloexport.validation.models_compared import ModelsCompared, compare_verdicts
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import Verdict, judge_each
from caloexport.validation.windows import windows_around

#: (showers done, what is read)
Advance = Callable[[int, str], None]


@dataclass(frozen=True)
class Asked:
    """What a comparison is asked for, beside its files.

    Attributes:
        profile: name or file of the thresholds.
        binning: of CaloChallenge files.
        geometry, seed, copies: of sampling, as of
            :func:`~caloexport.validation.generated.generated_showers`.
        around_mev: energies to compare at; empty takes windows over the reference's spectrum.
        untrained_mev: energies that no model was trained on.
        distances, published: as of :class:`~caloexport.validation.asked_distances.AskedDistances`.
        figures: folder to make; None for none.
        formats: of the files of figures.
        html: page to write; None for none.
    """

    profile: str = "default"
    binning: str | None = None
    geometry: str | None = None
    seed: int = 0
    copies: int = 1
    around_mev: Sequence[float] = ()
    untrained_mev: Sequence[float] = ()
    distances: Sequence[str] = ()
    published: str | None = None
    figures: Path | None = None
    formats: Sequence[str] = FORMATS
    html: Path | None = None


class ModelsReport:
    """A comparison of several models; use it in a with block, which closes the files.

    Attributes:
        showers: of the reference and of all models, for progress.

    Args:
        references: files of the reference.
        models: files of showers, artifacts or run folders.
        asked: what for.

    Raises:
        UsageError: a model is given twice, or cannot be sampled under the reference's conditions.
        InputFileError: a file cannot be read.
        MissingDependency: figures need matplotlib.
        OutputFileError: nothing can be written at a place.
    """

    def __init__(self, references: Sequence[Path], models: Sequence[Path], asked: Asked) -> None:
        self._references, self._asked = references, asked
        self._demands = load_profile(asked.profile)
        self._date = "" if asked.html is None else date_of_report()
        self._windows = windows_around(asked.around_mev) if asked.around_mev else None
        self._paths = dict(zip(distinct_names(models), models, strict=True))
        self._speeds: dict[Path, Speed | None] = {}
        with ExitStack() as files:
            self._usual = files.enter_context(open_joined(references, asked.binning))
            self._models = {
                name: files.enter_context(self._opened(path)) for name, path in self._paths.items()
            }
            self._outputs = ModelsOutputs(
                asked.figures, asked.html, self._usual, self._models, self._windows,
                asked.untrained_mev, asked.seed, asked.formats,
            )  # fmt: skip
            self._distances: dict[str, AskedDistances] = {}
            for name, found in self._models.items():
                first = next(iter(self._distances.values()), None)
                self._distances[name] = AskedDistances(
                    self._usual, found, asked.distances, asked.published, first
                )
            self._files = files.pop_all()
        self.showers = self._usual.n + sum(one.n for one in self._models.values())

    def _opened(self, path: Path) -> Showers:
        """Open a model; what a model is asked for means nothing for files of showers beside it."""
        asked = self._asked
        made = is_shower_file(path) and not all(map(is_shower_file, self._paths.values()))
        return generated_showers(
            path, self._usual, binning=asked.binning, geometry=None if made else asked.geometry,
            seed=asked.seed, copies=1 if made else asked.copies, windows=self._windows,
            untrained_mev=asked.untrained_mev,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def judge(self, advance: Advance) -> list[Verdict]:
        """Read everything once and judge each model, without its distances.

        Raises:
            UsageError, InputFileError: as :func:`~caloexport.validation.verdict.judge_each`.
        """
        told = lambda done, _, text: advance(done + (text != "reference") * self._usual.n, text)
        watches = [
            asked.beside(pair)
            for asked, pair in zip(self._distances.values(), self._outputs.watches, strict=True)
        ]
        return judge_each(
            self._usual, list(self._models.values()), self._demands, self._windows, told,
            untrained_mev=self._asked.untrained_mev, watches=watches,
        )  # fmt: skip

    def compare(self, verdicts: Sequence[Verdict], tell: Callable[[str], None]) -> ModelsCompared:
        """Hold the verdicts against each other, with the distances that were asked for.

        Args:
            verdicts: of :meth:`judge`.
            tell: called before each distance.
        """
        complete = {}
        for verdict, (name, asked) in zip(verdicts, self._distances.items(), strict=True):
            told = lambda title, name=name: tell(f"{name}, {title}")
            complete[name] = asked.added_to(verdict, told)
        return compare_verdicts(complete)

    def write_pages(self, found: ModelsCompared) -> list[Path]:
        """Write the pages and return their places, the index last."""
        contexts = {
            name: context_of(
                self._references, path, (self._usual, self._models[name]), self._asked.profile,
                date=self._date, speed=self._speed(path),
            )
            for name, path in self._paths.items()
        }  # fmt: skip
        return self._outputs.write_pages(found, contexts)

    def draw(self, found: ModelsCompared, progress: Progress) -> int:
        """Draw the figures of every model and of all together, and return how many."""
        planes = {
            name: speed_planes(verdict.published, verdict.generated, self._speed(self._paths[name]))
            for name, verdict in found.verdicts.items()
            if verdict.published is not None
        }
        return self._outputs.draw(found, progress, planes)

    def _speed(self, path: Path) -> Speed | None:
        if path not in self._speeds:
            self._speeds[path] = speed_of(path)
        return self._speeds[path]
