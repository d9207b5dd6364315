"""The files of a published decoder that a release carries, as its ``exports.toml`` lists them.

[[file]]
target = "lwtnn"
contract = "athena-dnncalosim"      # may be left out, as the rest
precision = "float32"
fixes = ["geometry=siw"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError

LIST = "exports.toml"


@dataclass(frozen=True)
class Export:
    """One file: format, consumer, digits of the weights, conditions that are folded in."""

    target: str
    contract: str | None = None
    precision: str = "float32"
    fixes: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """What its name says after the model's.

        >>> Export("onnx", "par04-vae", fixes=("geometry=siw",)).stem
        'par04-vae-siw'
        >>> Export("numba", precision="bfloat16").stem
        'bfloat16'
        """
        parts = [] if self.contract is None else [self.contract]
        parts += [fix.partition("=")[2] for fix in self.fixes]
        parts += [] if self.precision == "float32" else [self.precision]
        return "-".join(parts)


def read_exports(model: Path) -> list[Export]:
    """Return the files that a published decoder is released as.

    Args:
        model: its folder.

    Raises:
        InputFileError, UnknownName: as of :func:`read_list`.
    """
    return read_list(model / LIST)


def read_list(path: Path) -> list[Export]:
    """Return the files that a list names.

    Raises:
        InputFileError: a file that is no such list, or that names one file twice.
        UnknownName: a target, a contract or a precision that is none.
    """
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))["file"]
        exports = [Export(**{**one, "fixes": tuple(_texts(one))}) for one in listed]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        message = f"lists no files of a release: {error}"
        raise InputFileError(message, where=str(path)) from error
    for one in exports:
        _require_known(one)
    names = [(one.target, one.stem) for one in exports]
    twice = [one for one in names if names.count(one) > 1]
    if twice:
        message = f"names one file twice: {' '.join(twice[0]).strip()}"
        raise InputFileError(message, where=str(path), hint="leave one of them out")
    return exports


def _texts(entry: Mapping[str, Any]) -> list[str]:
    """Return the fixes of an entry; every other value of it has to be a text too."""
    fixes = entry.get("fixes", [])
    others = [value for key, value in entry.items() if key != "fixes"]
    if not isinstance(fixes, list) or not all(isinstance(one, str) for one in [*fixes, *others]):
        message = "fixes are a list of texts, all else is a text"
        raise TypeError(message)
    return fixes


def _require_known(one: Export) -> None:
    """Refuse names that are none before minutes of work, not after them."""
    from caloexport.converters.contracts import contracts
    from caloexport.converters.targets import targets
    from caloexport.runtime.precisions import precisions

    _ = targets[one.target], precisions[one.precision]
    if one.contract is not None:
        _ = contracts[one.contract]


def write_exports(
    model: Path, exports: Sequence[Export], folder: Path
) -> list[tuple[Export, Path]]:
    """Write the files, each verified, and return where they are.

    Args:
        model: folder of the decoder; its name begins theirs.
        exports: which.
        folder: that exists.

    Raises:
        AnswerIsNo: a file does not give what the decoder gives.
        UnsupportedError: a target or a contract cannot take it.
    """
    from caloexport.converters.contract import apply_contract
    from caloexport.converters.export import export
    from caloexport.converters.open import open_model
    from caloexport.converters.targets import targets

    made = []
    for one in exports:
        generator = apply_contract(open_model(model), one.contract, one.target, fixes=one.fixes)
        name = "-".join(part for part in (model.resolve().name, one.stem) if part)
        path = folder / f"{name}{targets[one.target].suffix or '-' + one.target}"
        export(generator, one.target, path, precision=one.precision)
        made.append((one, path))
    return made


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
