"""Checks: what a generated sample must fulfil, one file each, with a code and a threshold.

Thresholds are data: ``profiles/NAME.toml`` has a section per code with ``threshold`` and
``required``. A check without section is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caloexport.runtime.registry import Registry

if TYPE_CHECKING:
    from caloexport.validation.equality import Equality

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "not applicable"
#: applicable, but too few showers to tell
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Compared:
    """What checks look at.

    Attributes:
        windows: of :func:`caloexport.validation.summary`; empty where the generated sample could
            not be measured.
        unsound: cells of the generated sample that are negative or not finite.
        whole: of :func:`caloexport.validation.whole_sample.compare_whole`: the same for all
            energies together.
        comparisons: how many differences all checks look at; the more, the larger one has to be
            before it is more than chance.
        equality: of a model's showers with the reference evaluation; None for showers of a file.
        first_unsound: which of the cells comes first, for people.
    """

    windows: Sequence[Mapping[str, Any]]
    unsound: int
    whole: Sequence[Mapping[str, Any]] = ()
    comparisons: int = 1
    equality: Equality | None = None
    first_unsound: str = ""

    @property
    def showers(self) -> int:
        """Showers of the smaller sample in all windows that compare."""
        used = [window for window in self.windows if window["metrics"]]
        return min(sum(one[side] for one in used) for side in ("n_reference", "n_generated"))

    @property
    def empty(self) -> bool:
        """Whether showers are compared, and no generated one of them has any energy."""
        name = "response_ratio"
        used = [one["metrics"][name] for one in self.windows if name in one["metrics"]]
        return bool(used) and all(ratio["value"] == 0 for ratio in used)


@dataclass(frozen=True)
class Finding:
    """What a check found: the figure that decides, and where.

    Attributes:
        status: ``pass``, ``fail``, ``undecided`` or ``not applicable``.
        value: the figure; None where there is none.
        error: its statistical error, where it has one.
        where: window or place, for people.
        floor: what the figure differs by between samples that are alike, where it has one.
        limit: largest difference that passes: the threshold, and for a distance the floor with it;
            None where there is no figure.
        showers_needed: of each sample, for a decision, if the figure stays as it is; None where one
            is there, or nothing tells.
    """

    status: str
    value: float | None = None
    error: float | None = None
    where: str = ""
    floor: float | None = None
    limit: float | None = None
    showers_needed: int | None = None


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        title: what it compares.
        why: one sentence: why it matters.
        find: (compared, threshold) -> what was found.
        compares: whether it holds the sample against the reference; False looks at it alone.
        cause: one sentence: what usually makes it fail.
        figure: name of the picture that shows it (``--figures``); empty where none does.
    """

    title: str
    why: str
    find: Callable[[Compared, float], Finding]
    compares: bool = True
    cause: str = ""
    figure: str = ""


checks: Registry[Check] = Registry("check", "caloexport.validation.checks", "caloexport.checks")
