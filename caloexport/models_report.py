"""Several models against one reference: opened, judged in one pass over it, and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from caloexport.comparison_report import context_of, date_of_report, speed_of
from caloexport.report.figures.speed_plane import speed_planes
from caloexport.report.figures.write_comparison import FORMATS
from caloexport.report.models_outputs import ModelsOutputs
from caloexport.report.speed import Speed
from caloexport.showers.joined import open_joined
from caloexport.validation.asked_distances import AskedDistances
from caloexport.validation.generated import generated_showers
from caloexport.validation.measurement import ignore
from caloexport.validation.model_names import distinct_names
from caloexport.validation.models_compared import ModelsCompared, compare_verdicts
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge_each
from caloexport.validation.windows import windows_around

#: (showers done, what is read)
Advance = Callable[[int, str], None]


class ModelsReport:
    """A comparison of several models; use it in a with block, which closes the files.

    Attributes:
        showers: of the reference and of all models, for progress.

    Args:
        references: files of the reference.
        models: files of showers, artifacts or run folders.
        profile: of the thresholds.
        binning: of CaloChallenge files.
        sampling: geometry, seed and copies, as of
            :func:`~caloexport.validation.generated.generated_showers`.

    Raises:
        UsageError: a model is given twice, or cannot be sampled under the reference's conditions.
        InputFileError: a file cannot be read.
    """

    def __init__(
        self,
        references: Sequence[Path],
        models: Sequence[Path],
        profile: str,
        binning: str | None,
        sampling: Mapping[str, Any],
    ) -> None:
        self._profile, self._demands = profile, load_profile(profile)
        self._paths = dict(zip(distinct_names(models), models, strict=True))
        self._references = references
        self._speeds: dict[Path, Speed | None] = {}
        with ExitStack() as files:
            self._usual = files.enter_context(open_joined(references, binning))
            self._models = {
                name: files.enter_context(
                    generated_showers(path, self._usual, binning=binning, **sampling)
                )
                for name, path in self._paths.items()
            }
            self._files = files.pop_all()
        self.showers = self._usual.n + sum(one.n for one in self._models.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def prepare(
        self,
        figures: Path | None = None,
        html: Path | None = None,
        around_mev: Sequence[float] = (),
        untrained_mev: Sequence[float] = (),
        formats: Sequence[str] = FORMATS,
        distances: Sequence[str] = (),
        published: str | None = None,
    ) -> None:
        """Say what is wanted, before anything is read.

        Args:
            figures: folder to make.
            html: page to write.
            around_mev: energies to compare at; empty takes windows over the reference's spectrum.
            untrained_mev: energies that no model was trained on.
            formats: of the files of figures.
            distances, published: as of
                :class:`~caloexport.validation.asked_distances.AskedDistances`.

        Raises:
            MissingDependency: figures need matplotlib, and some distances a library.
            UnknownName: no such distance or set.
            OutputFileError: a place does not exist.
        """
        self._windows = windows_around(around_mev) if around_mev else None
        self._untrained_mev = untrained_mev
        self._date = "" if html is None else date_of_report()
        self._outputs = ModelsOutputs(
            figures, html, self._usual, self._models, self._windows, untrained_mev, formats
        )

        self._asked: dict[str, AskedDistances] = {}
        for name, showers in self._models.items():
            first = next(iter(self._asked.values()), None)
            self._asked[name] = AskedDistances(self._usual, showers, distances, published, first)

    def judge(self, advance: Advance) -> ModelsCompared:
        """Read everything once, and judge.

        Raises:
            UsageError, InputFileError: as :func:`~caloexport.validation.verdict.judge_each`.
        """
        told = lambda done, _, text: advance(done + (text != "reference") * self._usual.n, text)
        watches = self._outputs.watches or [(ignore, ignore)] * len(self._models)
        both = [
            asked.beside(pair) for asked, pair in zip(self._asked.values(), watches, strict=True)
        ]
        verdicts = judge_each(
            self._usual, list(self._models.values()), self._demands, self._windows, told,
            untrained_mev=self._untrained_mev, watches=both,
        )  # fmt: skip
        return compare_verdicts(dict(zip(self._models, verdicts, strict=True)))

    def with_distances(self, found: ModelsCompared, tell: Callable[[str], None]) -> ModelsCompared:
        """Return the comparison with the distances that were asked for.

        Args:
            found: of :meth:`judge`.
            tell: called with what is computed.
        """
        verdicts = {}
        for name, verdict in found.verdicts.items():
            told = lambda title, name=name: tell(f"{name}: {title}")
            verdicts[name] = self._asked[name].added_to(verdict, told)
        return replace(found, verdicts=verdicts)

    def write_pages(self, found: ModelsCompared) -> list[Path]:
        """Write the pages and return their places, the index last."""
        contexts = {
            name: context_of(
                self._references, path, (self._usual, self._models[name]), self._profile,
                date=self._date, speed=self._speed(path),
            )
            for name, path in self._paths.items()
        }  # fmt: skip
        return self._outputs.write_pages(found, contexts)

    def pictures(self, found: ModelsCompared) -> int:
        """Return how many figures are drawn, for progress."""
        return self._outputs.pictures(found)

    def draw(self, found: ModelsCompared, advance: Advance) -> int:
        """Draw the figures of every model, and return how many."""
        planes = {
            name: speed_planes(verdict.published, verdict.generated, self._speed(self._paths[name]))
            for name, verdict in found.verdicts.items()
            if verdict.published is not None
        }
        return self._outputs.draw(found, advance, planes)

    def _speed(self, path: Path) -> Speed | None:
        if path not in self._speeds:
            self._speeds[path] = speed_of(path)
        return self._speeds[path]
