"""The distances that a comparison is asked for, beside its metrics and checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from caloexport.showers.showers import Showers
from caloexport.validation.challenge_set import require_set
from caloexport.validation.compare_distances import ComparedDistances
from caloexport.validation.distances import usual_distances
from caloexport.validation.measurement import Watch, together
from caloexport.validation.published import load_published
from caloexport.validation.standing import places
from caloexport.validation.verdict import Verdict

ALL = "all"
#: what published tables are sorted by
PLACED = ("fpd", "kpd")
UNREAD = "the generated sample holds cells that are no energies, see NU001"


class AskedDistances:
    """Distances of two samples that :func:`~caloexport.validation.verdict.judge` reads.

    Args:
        reference, generated: samples that are not read yet.
        names: of distances, ``"all"`` for all that train no network; none for none.
        published: set of the CaloChallenge to place them in, which asks for :data:`PLACED` too.
        first: what was asked of another sample with the same reference, which is gathered once.

    Raises:
        UnknownName: no such distance or set.
        UsageError: cells of another set.
        MissingDependency: a distance needs a library.
    """

    def __init__(
        self,
        reference: Showers,
        generated: Showers,
        names: Sequence[str] = (),
        published: str | None = None,
        first: AskedDistances | None = None,
    ) -> None:
        self._table = None if published is None else load_published(published)
        if published is not None:
            require_set(reference, published)
            names = (*PLACED, *names)
        if ALL in names:
            names = (*usual_distances(), *(name for name in names if name != ALL))
        self._compared: ComparedDistances | None = None
        if names:
            shared = None if first is None else first._compared
            self._compared = ComparedDistances(reference, generated, names, first=shared)

    def beside(self, watches: tuple[Watch, Watch]) -> tuple[Watch, Watch]:
        """Return what has to see every block of both samples, beside what others have see them."""
        if self._compared is None:
            return watches
        reference, generated = self._compared.watches
        return together(watches[0], reference), together(watches[1], generated)

    def added_to(self, verdict: Verdict, tell: Callable[[str], None]) -> Verdict:
        """Return the verdict with the distances, or with a note where a sample was not read whole.

        Args:
            verdict: of the same samples.
            tell: called with the title of each distance before it is computed.

        Raises:
            UsageError: showers with numbers that are not finite.
        """
        if self._compared is None:
            return verdict
        if not self._compared.complete:
            names = ", ".join(self._compared.names)
            note = f"no distances ({names}): {UNREAD}"
            return replace(verdict, notes=[*verdict.notes, note])
        results = tuple(self._compared.results(tell))
        found = None if self._table is None else places(self._table, results)
        return replace(verdict, distances=results, published=found)
