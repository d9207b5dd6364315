"""Read which checks are run, with which thresholds."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.files import existing_file
from caloexport.validation.checks import checks

MAX_BYTES = 2**16
EXAMPLE = "for example [EN001], and below it threshold = 0.03 and required = true"


@dataclass(frozen=True)
class Demand:
    """What is demanded of one check: largest difference, and whether the verdict needs it."""

    threshold: float
    required: bool


def profile_names() -> list[str]:
    """List the profiles that travel with the package."""
    folder = files("caloexport.validation") / "profiles"
    names = (entry.name for entry in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_profile(name: str = "default") -> Mapping[str, Demand]:
    """Return the demands of a profile by the code of the check.

    Args:
        name: of a profile that travels with the package, or a ``.toml`` file. What such a file
            does not say is that of its ``base``, the default profile if it names none.

    Raises:
        UnknownName: no such profile, or a code that no check has.
        InputFileError: a file that cannot be read, or whose values are none.

    >>> load_profile()["EN001"].threshold
    0.02
    """
    if not name.endswith(".toml"):
        return _shipped(name)
    data = _read(existing_file(Path(name), "profile (TOML)"))
    base = data.pop("base", "default")
    if not isinstance(base, str):
        message = f"base is {base!r}, expected one of {', '.join(profile_names())}"
        raise InputFileError(message, where=name)
    demands = dict(_shipped(base))
    for code, given in data.items():
        if code not in checks:
            raise UnknownName("check", code, checks.names())
        demands[code] = _demand(code, given, demands.get(code), name)
    return demands


def _shipped(name: str) -> Mapping[str, Demand]:
    if name not in profile_names():
        raise UnknownName("profile", name, profile_names())
    path = files("caloexport.validation") / "profiles" / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: _demand(code, given, None, path.name) for code, given in data.items()}


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_BYTES:
        message = f"has more than {MAX_BYTES} bytes, expected a profile"
        raise InputFileError(message, where=str(path))
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"is not TOML: {error!s:.200}"
        raise InputFileError(message, where=str(path), hint=EXAMPLE) from error


def _demand(code: str, given: Any, base: Demand | None, where: str) -> Demand:
    """Return what a table demands; what it leaves out is that of ``base``.

    Raises:
        InputFileError: not a table, another key, or a value that is none.
    """
    if not isinstance(given, dict) or not given.keys() <= {"threshold", "required"}:
        message = f"{code} holds {given!r:.80}, expected a table of threshold and required"
        raise InputFileError(message, where=where, hint=EXAMPLE)
    told = (asdict(base) if base else {}) | given
    for key in ("threshold", "required"):
        if key not in told:
            message = f"{code} has no {key}, and no profile to take it from"
            raise InputFileError(message, where=where, hint=EXAMPLE)
    threshold, required = told["threshold"], told["required"]
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or not 0 <= threshold < math.inf:
        message = f"threshold of {code} is {threshold!r:.80}, expected a number ≥ 0"
        raise InputFileError(message, where=where)
    if not isinstance(required, bool):
        message = f"required of {code} is {required!r:.80}, expected true or false"
        raise InputFileError(message, where=where)
    return Demand(float(threshold), required)
