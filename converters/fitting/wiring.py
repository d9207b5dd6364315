"""Which column of the consumer's vector feeds which column of the network's, and in which scale."""

from __future__ import annotations

from dataclasses import dataclass, field

from caloexport.converters.contracts import Constant, Latents
from caloexport.converters.fitting.columns import Column, Layout
from caloexport.converters.rewrites.rewire import Wire
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.noise import NoiseLaw


@dataclass
class Wiring:
    """The wires in the making.

    Attributes:
        contract: its name, for messages.
        layout: the consumer's columns.
        wires: for each column of the network's input vector, so far.
        used: starts of the consumer's columns that feed something.
        notes: what was done that a user must know: provenance key -> text.
    """

    contract: str
    layout: Layout
    wires: list[Wire] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)

    def latents(self, law: NoiseLaw) -> None:
        """Wire the latents; another mean, width or interval is absorbed.

        Raises:
            UnsupportedError: the consumer draws from another family of laws.
        """
        fed = self.layout.noise
        if law.size:
            require_family(law, fed, self.contract)
        scale, offset = from_law(law, fed)
        runs = [column for column in self.layout.columns if isinstance(column.slot, Latents)]
        places = [run.start + k for run in runs for k in range(run.width)]
        self.wires += [Wire(place, scale, offset) for place in places[: law.size]]
        self.used |= {run.start for run in runs}
        if (scale, offset) != (1.0, 0.0):
            self.notes["absorbed_noise"] = f"{described(law)} from {described(fed)}"

    def term(self, term: Term) -> None:
        """Wire the columns of one term of the network's encoding.

        Raises:
            UnsupportedError: the consumer does not feed it, or not as an affine function of it.
        """
        if term.kind == "constant":
            self._constant(float(term.parameters["value"]))
            return
        fed = [
            column
            for column in self.layout.columns
            if isinstance(column.slot, Term) and column.slot.condition == term.condition
        ]
        if not fed and term.kind == "one_hot":
            self._selected(term)
            return
        for column in fed:
            if self._from(column, term):
                self.used.add(column.start)
                return
        raise self._missing(term, fed)

    def straight(self, column: Column) -> None:
        """Wire a column of the consumer as it is."""
        self.wires += [Wire(column.start + k) for k in range(column.width)]
        self.used.add(column.start)

    def ignored(self) -> list[Column]:
        """Return the columns that feed nothing."""
        return [column for column in self.layout.columns if column.start not in self.used]

    def left_out(self) -> dict[str, str]:
        """Return a note for each condition that is fed, and that the network does not know."""
        return {
            f"ignored_{column.slot.condition}": "the network was trained without it"
            for column in self.ignored()
            if isinstance(column.slot, Term)
        }

    def _free(self, column: Column) -> bool:
        """Say whether a column holds a constant that nothing reads yet."""
        constant = isinstance(column.slot, Constant) and column.slot.declared
        return constant and column.start not in self.used

    def _constant(self, value: float) -> None:
        for column in self.layout.columns:
            slot = column.slot
            if self._free(column) and isinstance(slot, Constant) and slot.value == value:
                self.straight(column)
                return
        self.wires.append(Wire(None, 1.0, value))

    def _from(self, column: Column, term: Term) -> bool:
        assert isinstance(column.slot, Term)
        mine, theirs = term.affine, column.slot.affine
        if mine is not None and theirs is not None:
            absorbed = mine.of(theirs)
            if absorbed is None:
                return False
            scale, offset = absorbed
            self.wires.append(Wire(column.start, scale, offset))
            if abs(scale - 1) > 1e-12 or abs(offset) > 1e-12:
                self.notes[f"absorbed_{term.condition}"] = (
                    f"{term.kind} {_numbers(term)} from {column.slot.kind} {_numbers(column.slot)}"
                )
            return True
        if term.kind == "one_hot" == column.slot.kind:
            return self._categories(column, term, column.slot)
        if (term.kind, dict(term.parameters)) == (column.slot.kind, dict(column.slot.parameters)):
            self.wires += [Wire(column.start + k) for k in range(column.width)]
            return True
        return False

    def _categories(self, column: Column, term: Term, fed: Term) -> bool:
        """Wire one-hot columns category by category; a column without category stays zero."""
        codes, theirs = term.parameters["codes"], fed.parameters["codes"]
        unknown = [name for name in codes if name not in theirs]
        if unknown:
            message = (
                f"contract {self.contract} knows the values {', '.join(theirs)} of "
                f"'{term.condition}', the generator was trained with '{unknown[0]}'"
            )
            raise UnsupportedError(message, hint=f"--fix {term.condition}=VALUE folds one in")
        wires = [Wire(None)] * term.width
        for name, code in codes.items():
            wires[code] = Wire(column.start + theirs[name])
        self.wires += wires
        return True

    def _selected(self, term: Term) -> None:
        """Wire a one-hot code to constants of the consumer, which always select one category.

        Which one follows from the codes of the generator alone: Par04's training and a comment in
        its C++ disagree.
        """
        free = [column for column in self.layout.columns if self._free(column)][: term.width]
        values = [column.slot.value for column in free if isinstance(column.slot, Constant)]
        for name, code in term.parameters["codes"].items():
            if values == [float(k == code) for k in range(term.width)]:
                for column in free:
                    self.straight(column)
                self.notes[f"fixed_{term.condition}"] = f"{name} (by the consumer)"
                return
        raise self._missing(term, [])

    def _missing(self, term: Term, fed: list[Column]) -> UnsupportedError:
        short = term.condition.removesuffix("_mev").removesuffix("_rad")
        if not fed:
            message = (
                f"contract {self.contract} does not feed '{term.condition}' ({term.kind} of "
                f"{term.width} columns)"
            )
            energy = term.condition == "energy_mev"
            hint = None if energy else f"--fix {short}=VALUE folds it into the network"
            return UnsupportedError(message, hint=hint)
        slot = fed[0].slot
        assert isinstance(slot, Term)
        message = (
            f"contract {self.contract} feeds '{term.condition}' as {slot.kind} {_numbers(slot)}, "
            f"the network was trained with {term.kind} {_numbers(term)}: neither is an affine "
            "function of the other"
        )
        return UnsupportedError(message, hint=f"train with the encoding {slot.kind}")


def require_family(law: NoiseLaw, fed: NoiseLaw, contract: str) -> None:
    """Check that one law is an affine function of the other.

    Raises:
        UnsupportedError: one is normal and the other uniform.
    """
    if fed.law != law.law:
        message = (
            f"contract {contract} draws {fed.law} latents, the generator was trained with "
            f"{law.law} ones"
        )
        raise UnsupportedError(message, hint=f"train with the law {described(fed)}")


def from_law(law: NoiseLaw, fed: NoiseLaw) -> tuple[float, float]:
    """Return (scale, offset) that make latents of a law from those that are fed.

    >>> from_law(NoiseLaw(1), NoiseLaw(1, "normal", 0.5, 0.5))
    (2.0, -1.0)
    """
    normal = law.law == "normal"  # else a and b are the ends of an interval
    scale = law.b / fed.b if normal else (law.b - law.a) / (fed.b - fed.a)
    return scale, law.a - scale * fed.a


def described(law: NoiseLaw) -> str:
    """Write a law as people do.

    >>> described(NoiseLaw(50, "normal", 0.5, 0.5))
    'N(0.5, 0.5)'
    """
    return f"{'N' if law.law == 'normal' else 'U'}({law.a:g}, {law.b:g})"


def _numbers(term: Term) -> str:
    return "(" + ", ".join(f"{k} {v}" for k, v in term.parameters.items() if k != "codes") + ")"
