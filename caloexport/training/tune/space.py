"""The settings that a search varies, as data: ``training/spaces/FAMILY.toml`` and a user's file.

    [training.learning_rate]      # section.key of a preset
    kind = "float"                # or "int", or "categorical" with choices = [...]
    low = 1e-4
    high = 1e-2
    log = true
    usual = 1e-3                  # only where presets need not say it: what holds then

A plain value instead of a table fixes a setting and takes it out of the search. A user's file lies
over the family's, setting by setting; ``only = true`` at its top leaves the family's out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import CaloexportError, InputFileError, UnknownName, UsageError
from caloexport.training.plan import Plan, varied
from caloexport.training.settings import read_section, read_toml

SPACES = Path(__file__).parent.parent / "spaces"
ONLY = "only"


@dataclass(frozen=True)
class Float:
    """A real number from ``low`` to ``high``, drawn evenly in its logarithm with ``log``."""

    low: float
    high: float
    log: bool = False
    usual: float | None = None

    def __post_init__(self) -> None:
        _check_range(self)

    def suggest(self, trial: Any, name: str) -> Any:
        """Let a trial of Optuna choose."""
        return trial.suggest_float(name, self.low, self.high, log=self.log)

    def examples(self) -> tuple[Any, ...]:
        """Return the values that must be valid settings."""
        return self.low, self.high

    def contains(self, value: Any) -> bool:
        """Say whether a setting's present value could be chosen."""
        return isinstance(value, (int, float)) and self.low <= value <= self.high

    def as_suggested(self, value: Any) -> Any:
        """Return a setting as Optuna knows it."""
        return value

    def as_setting(self, value: Any) -> Any:
        """Return what Optuna suggested as a setting."""
        return value


@dataclass(frozen=True)
class Integer:
    """A whole number from ``low`` to ``high``, both included."""

    low: int
    high: int
    log: bool = False
    usual: int | None = None

    def __post_init__(self) -> None:
        _check_range(self)

    def suggest(self, trial: Any, name: str) -> Any:
        """Let a trial of Optuna choose."""
        return trial.suggest_int(name, self.low, self.high, log=self.log)

    def examples(self) -> tuple[Any, ...]:
        """Return the values that must be valid settings."""
        return self.low, self.high

    def contains(self, value: Any) -> bool:
        """Say whether a setting's present value could be chosen."""
        return isinstance(value, int) and self.low <= value <= self.high

    def as_suggested(self, value: Any) -> Any:
        """Return a setting as Optuna knows it."""
        return value

    def as_setting(self, value: Any) -> Any:
        """Return what Optuna suggested as a setting."""
        return value


@dataclass(frozen=True)
class Categorical:
    """One of some values, of whatever type the setting has."""

    choices: tuple[Any, ...]
    usual: Any = None

    def __post_init__(self) -> None:
        if not self.choices:
            message = "choices is empty, expected at least one value"
            raise UsageError(message)

    def suggest(self, trial: Any, name: str) -> Any:
        """Let a trial of Optuna choose."""
        return trial.suggest_categorical(name, list(map(self.as_suggested, self.choices)))

    def examples(self) -> tuple[Any, ...]:
        """Return the values that must be valid settings."""
        return self.choices

    def contains(self, value: Any) -> bool:
        """Say whether a setting's present value could be chosen."""
        return value in self.choices

    def as_suggested(self, value: Any) -> Any:
        """Return a setting as Optuna knows it: it stores no lists."""
        return json.dumps(value) if isinstance(value, (list, tuple, dict)) else value

    def as_setting(self, value: Any) -> Any:
        """Return what Optuna suggested as a setting."""
        return next(choice for choice in self.choices if self.as_suggested(choice) == value)


Parameter = Float | Integer | Categorical
KINDS: dict[str, type[Parameter]] = {
    "float": Float,
    "int": Integer,
    "categorical": Categorical,
}


def _check_range(parameter: Float | Integer) -> None:
    if not parameter.low < parameter.high:
        message = f"low is {parameter.low} and high {parameter.high}, expected low < high"
        raise UsageError(message)
    if parameter.log and parameter.low <= 0:
        message = f"low is {parameter.low} with log = true, expected a positive number"
        raise UsageError(message)


@dataclass(frozen=True)
class Space:
    """What is varied, and what is fixed beside it.

    Attributes:
        parameters: by "section.key".
        fixed: values by "section.key".
    """

    parameters: Mapping[str, Parameter]
    fixed: Mapping[str, Any]

    def suggest(self, trial: Any) -> dict[str, dict[str, Any]]:
        """Let a trial of Optuna choose; return sections of settings."""
        return self.settings({n: one.suggest(trial, n) for n, one in self.parameters.items()})

    def settings(self, suggested: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what Optuna suggested, as sections of settings."""
        values = {n: self.parameters[n].as_setting(v) for n, v in suggested.items()}
        return in_sections(values)

    def present(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return the present settings as far as the space holds them, as Optuna knows them."""
        found = {}
        for name, parameter in self.parameters.items():
            section, _, key = name.partition(".")
            value = config.get(section, {}).get(key, parameter.usual)
            if parameter.contains(value):
                found[name] = parameter.as_suggested(value)
        return found

    def to_toml(self) -> dict[str, Any]:
        """Return the space as its file holds it."""
        kinds = {kind: name for name, kind in KINDS.items()}
        tables = {n: {"kind": kinds[type(p)], **asdict(p)} for n, p in self.parameters.items()}
        told = {n: {k: v for k, v in t.items() if v is not None} for n, t in tables.items()}
        return in_sections({**told, **self.fixed})


def in_sections(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Turn "section.key" into sections.

    >>> in_sections({"loss.beta": 0.1, "loss.clip": 1, "training.batch": 64})
    {'loss': {'beta': 0.1, 'clip': 1}, 'training': {'batch': 64}}
    """
    sections: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        section, _, key = name.partition(".")
        sections.setdefault(section, {})[key] = value
    return sections


def space_of(plan: Plan, file: Path | None, *, own: bool = False) -> Space:
    """Read the space of a family, with a user's file laid over it, and check it.

    Args:
        plan: a training whose settings are varied.
        file: the user's.
        own: the file is all there is: as if it said ``only = true``.

    Raises:
        UnknownName: a section, setting or kind that does not exist; lists the nearest.
        InputFileError: a file is missing or is not TOML, or a range has the wrong type.
        UsageError: a range makes no sense, or an end of it is no valid setting.
    """
    path = SPACES / f"{plan.family}.toml"
    found: dict[str, tuple[Any, str]] = {}
    if path.exists() and not own:
        found |= dict(_entries(read_toml(path), path.name))
    if file is not None:
        content = read_toml(file)
        if content.pop(ONLY, False) is True:
            found.clear()
        found |= dict(_entries(content, str(file)))
    parameters, fixed = {}, {}
    for name, (value, where) in found.items():
        if isinstance(value, dict) and "kind" in value:
            parameters[name] = _parameter(value, f"{where} [{name}]")
            _check(plan, name, parameters[name].examples(), where)
        else:
            fixed[name] = value
            _check(plan, name, (value,), where)
    if not parameters:
        message = f"nothing to search for the family '{plan.family}'"
        place = None if file is None else str(file)
        raise UsageError(message, where=place, hint="name ranges in a file for --space")
    return Space(parameters, fixed)


def _entries(data: Mapping[str, Any], where: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    for section, content in data.items():
        if not isinstance(content, dict):
            message = f"'{section}' is {content!r:.40}, expected tables [section.key]"
            raise InputFileError(message, where=where)
        for key, value in content.items():
            yield f"{section}.{key}", (value, where)


def _parameter(data: Mapping[str, Any], where: str) -> Parameter:
    kind = data["kind"]
    if kind not in KINDS:
        raise UnknownName("kind", str(kind), KINDS, where=where)
    rest = {key: value for key, value in data.items() if key != "kind"}
    needed = [one.name for one in fields(KINDS[kind]) if one.default is MISSING]
    missing = [key for key in needed if key not in rest]
    if missing:
        message = f"has no {' and no '.join(missing)}"
        raise InputFileError(message, where=where)
    return read_section(KINDS[kind], rest, where)


def _check(plan: Plan, name: str, values: tuple[Any, ...], where: str) -> None:
    for value in values:
        try:
            varied(plan, in_sections({name: value}), where)
        except UnknownName:
            raise
        except CaloexportError as error:
            message = f"{name} = {value!r:.60}: {error.message}"
            raise UsageError(message, where=where, hint=error.hint) from error
