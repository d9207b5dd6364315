"""Typed settings from TOML: unknown keys and wrong types are named, with the nearest key."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from caloexport.runtime.errors import InputFileError, UnknownName, UsageError

Section = TypeVar("Section")

#: bytes of a TOML file
LARGEST = 1_000_000
#: scores by which decoders are ranked, see ``caloexport.training.scoring.score``
PICKS = ("physics", "fastcalogan")
#: what to do with cells below zero: noise or pile-up that was subtracted leaves such
NEGATIVES = ("refuse", "zero")


#: conditions that a model may be told as a code, a column for each value
CODED = ("geometry", "pdg")


@dataclass(frozen=True)
class Conditions:
    """How physics conditions become the network's condition vector: energy, angle, codes.

    Attributes:
        energy_scale_gev: the energy is divided by it.
        theta_scale_deg: the polar angle is divided by it.
        geometry_codes: column of each detector's 1; empty for a model of one detector.
        geometry_size: number of columns.
        pdg_codes, pdg_size: likewise of particles, by their number in the PDG's scheme; empty for
            a model that is not told the particle.
    """

    energy_scale_gev: float = 1024.0
    theta_scale_deg: float = 90.0
    geometry_codes: dict[str, int] = dataclasses.field(default_factory=dict)
    geometry_size: int = 0
    pdg_codes: dict[str, int] = dataclasses.field(default_factory=dict)
    pdg_size: int = 0

    def __post_init__(self) -> None:
        _positive(self, "energy_scale_gev", "theta_scale_deg")
        for condition in CODED:
            codes, size = self.code(condition)
            for name, column in codes.items():
                if not 0 <= column < size:
                    message = (
                        f"{condition}_codes puts '{name}' in column {column}, "
                        f"expected 0 to {size - 1} ({condition}_size)"
                    )
                    raise UsageError(message)

    def code(self, condition: str) -> tuple[dict[str, int], int]:
        """Return the columns of a coded condition by its values, and their number.

        >>> Conditions(pdg_codes={"11": 0, "22": 1}, pdg_size=3).code("pdg")
        ({'11': 0, '22': 1}, 3)
        """
        return getattr(self, f"{condition}_codes"), getattr(self, f"{condition}_size")


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train.

    Attributes:
        batch: showers per update.
        epochs: passes over the training showers.
        updates: updates of the weights; 0 means ``epochs`` decides.
        learning_rate: at the start.
        final_learning_rate: at the end of a cosine; equal to ``learning_rate`` for a constant.
        warm_up: updates over which the learning rate rises from 0: the optimizer's first steps are
            large in every weight, which good weights do not need.
        held_back: fraction of each file that is not trained on but scored.
        held_back_fewest: hold back at least this many showers of each file, or half of it.
        largest_response: showers that hold this many times their incident energy, or more, are
            not trained on; 0 for any.
        negatives: what becomes of cells below zero: ``"refuse"``, or ``"zero"`` to count them as
            empty, as ATLAS does.
        most: train on so many showers of each file, evenly spread over it; 0 for all.
        at_most: by incident energy in MeV, how many showers of it may be trained on.
        evaluate_every: epochs between two scores and checkpoints.
        evaluate_updates: updates between them instead; 0 means ``evaluate_every`` decides.
        balance: how far rarer energies are drawn more often: a shower of an energy with n showers
            comes with weight n^-balance; 0 draws all alike, 1 every energy alike.
        pick: the score by which decoders are ranked: ``"physics"`` or ``"fastcalogan"``.
        keep: how many of the best decoders are kept.
        keep_updates: after these updates the decoder is kept too, however good it is.
        keep_every: updates between two such decoders; 0 for none.
        rotate: turn each perpendicular shower by a random whole number of azimuth cells, and
            mirror half of them: both are exact symmetries there.
        mirror: axes of a window of η-φ cells, ``"eta"``, ``"phi"`` or both, along which mirrored
            copies of the training showers are added.
    """

    batch: int = 64
    epochs: int = 100
    updates: int = 0
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
    warm_up: int = 0
    held_back: float = 0.1
    held_back_fewest: int = 0
    largest_response: float = 0.0
    negatives: str = "refuse"
    most: int = 0
    at_most: dict[str, int] = dataclasses.field(default_factory=dict)
    evaluate_every: int = 1
    evaluate_updates: int = 0
    balance: float = 0.0
    pick: str = "physics"
    keep: int = 3
    keep_updates: tuple[int, ...] = ()
    keep_every: int = 0
    rotate: bool = True
    mirror: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _positive(self, "batch", "epochs", "learning_rate", "final_learning_rate", "evaluate_every")
        _positive(self, "keep")
        if self.pick not in PICKS:
            raise UnknownName("pick", self.pick, PICKS)
        if self.negatives not in NEGATIVES:
            raise UnknownName("way with negatives", self.negatives, NEGATIVES)
        if self.batch < 2:
            message = "batch is 1, expected at least 2: batch normalization needs a spread"
            raise UsageError(message)
        if not 0 < self.held_back < 1:
            message = f"held_back is {self.held_back}, expected a fraction between 0 and 1"
            raise UsageError(message)
        _not_negative(self, "updates", "evaluate_updates", "held_back_fewest", "largest_response")
        _not_negative(self, "most", "warm_up", "keep_every")
        if min(self.keep_updates, default=1) < 1:
            message = f"keep_updates names {min(self.keep_updates)}, expected numbers from 1"
            raise UsageError(message)
        if not 0 <= self.balance <= 1:
            message = f"balance is {self.balance}, expected 0 to 1"
            raise UsageError(message)
        self._check_at_most()

    def keeps(self, updates: int) -> bool:
        """Say whether the decoder after so many updates is kept, however good it is.

        >>> [n for n in range(1, 9) if Schedule(keep_updates=(2,), keep_every=3).keeps(n)]
        [2, 3, 6]
        """
        every = self.keep_every
        return updates in self.keep_updates or (every > 0 and updates % every == 0)

    def _check_at_most(self) -> None:
        for energy, number in self.at_most.items():
            try:
                fits = float(energy) > 0 and number >= 0
            except ValueError:
                fits = False
            if not fits:
                message = (
                    f"at_most has {energy!r} = {number}, expected an energy in MeV and a number"
                )
                raise UsageError(message)


def _not_negative(section: Any, *names: str) -> None:
    for name in names:
        if getattr(section, name) < 0:
            message = f"{name} is {getattr(section, name)}, expected 0 or more"
            raise UsageError(message)


def _positive(section: Any, *names: str) -> None:
    for name in names:
        if getattr(section, name) <= 0:
            message = f"{name} is {getattr(section, name)}, expected a positive number"
            raise UsageError(message)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        InputFileError: it is missing, not TOML, or longer than any settings.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            message = f"has {size} bytes, more than any settings"
            raise InputFileError(message, where=str(path))
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise InputFileError(message, where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"is not valid TOML: {error}"
        raise InputFileError(message, where=str(path)) from error


def merge(base: Mapping[str, Any], above: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return ``base`` with the keys of ``above`` laid over it, section by section.

    A section that names another ``kind`` replaces the whole: the keys of one kind mean nothing to
    another.

    >>> merge({"loss": {"beta": 1.0}}, {"loss": {"beta": 2.0}}, "a.toml")
    {'loss': {'beta': 2.0}}
    """
    merged = dict(base)
    for key, value in above.items():
        if key not in base:
            raise UnknownName("section", key, base, where=where)
        if isinstance(base[key], dict):
            if not isinstance(value, dict):
                message = f"'{key}' is {value!r:.40}, expected a section [{key}]"
                raise InputFileError(message, where=where)
            other = "kind" in value and value["kind"] != base[key].get("kind")
            merged[key] = dict(value) if other else {**base[key], **value}
        else:
            merged[key] = value
    return merged


def read_section(kind: type[Section], data: Any, where: str) -> Section:
    """Make a settings dataclass of a TOML section.

    Args:
        kind: a dataclass whose fields are the allowed keys.
        data: the section.
        where: file and section, for messages.

    Raises:
        UnknownName: a key that the dataclass has no field for.
        InputFileError: a value of the wrong type.
        UsageError: a value outside its range.

    >>> read_section(Schedule, {"batch": 32}, "a.toml [training]").batch
    32
    """
    if not isinstance(data, dict):
        message = f"is {data!r:.40}, expected a section"
        raise InputFileError(message, where=where)
    hints = typing.get_type_hints(kind)
    values = {}
    for key, value in data.items():
        if key not in hints:
            raise UnknownName("setting", key, hints, where=where)
        values[key] = _typed(hints[key], value, f"{where} {key}")
    try:
        return kind(**values)
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None


def _typed(hint: Any, value: Any, where: str) -> Any:
    """Return the value as the annotated type, or raise; whole numbers count as numbers."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        for choice in typing.get_args(hint):
            try:
                return _typed(choice, value, where)
            except InputFileError:
                continue
    elif origin is tuple and isinstance(value, (list, tuple)):
        return tuple(_typed(typing.get_args(hint)[0], item, where) for item in value)
    elif origin is dict and isinstance(value, dict):
        return {str(k): _typed(typing.get_args(hint)[1], item, where) for k, item in value.items()}
    elif hint is Any:
        return value
    elif hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    elif origin is None and type(value) is hint:
        return value
    wanted = getattr(hint, "__name__", str(hint)) if origin is None else str(hint)
    message = f"is {value!r:.40}, expected {wanted}"
    raise InputFileError(message, where=where)


def to_toml(data: Mapping[str, Any]) -> str:
    """Write sections of plain values as TOML.

    >>> print(to_toml({"family": "fastv", "loss": {"beta": 0.01, "codes": {"siw": 1}}}), end="")
    family = "fastv"
    <BLANKLINE>
    [loss]
    beta = 0.01
    codes = { "siw" = 1 }
    """
    plain = [f"{k} = {_value(v)}" for k, v in data.items() if not isinstance(v, Mapping)]
    blocks = ["\n".join(plain)] if plain else []
    for key, section in data.items():
        if isinstance(section, Mapping):
            blocks.append(
                "\n".join([f"[{key}]", *(f"{k} = {_value(v)}" for k, v in section.items())])
            )
    return "\n\n".join(blocks) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        import json

        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_value(str(k))} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return repr(value)
