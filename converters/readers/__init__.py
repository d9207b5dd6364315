"""Readers: the file formats that a model can come in, one file each.

A reader recognises its format by content; suffixes do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from caloexport.runtime.generator import Generator
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Choices:
    """What the user adds because a file does not say it.

    Attributes:
        steps: number of steps of sequence inputs, where the file leaves it open.
        weights: the weights that belong to a file that holds an architecture alone.
        variables: names, offsets and scales of the inputs, as LWTNN's converters take them.
        signature: the function of a SavedModel that is read, ``"name"`` or ``"name:output"``.
        output: which output, where the model has several.
    """

    steps: int | None = None
    weights: Path | None = None
    variables: Path | None = None
    signature: str | None = None
    output: str | None = None

    def given(self) -> dict[str, Any]:
        """Return what the user said, by name.

        >>> Choices(steps=4).given()
        {'steps': 4}
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def only(self, names: Iterable[str]) -> Choices:
        """Return the choices of these names."""
        return Choices(**{name: value for name, value in self.given().items() if name in names})


class Reader:
    """A file format that models come in.

    Attributes:
        summary: what it reads, a noun phrase for lists and messages.
        isolated: read in a child process, because a C library meets the file's content.
        libraries: that reading imports; they do not count as memory that the file needs.
        uses: names of the choices that it looks at; a user who makes another one is told. The
            output is taken for readers that do not look for it.
    """

    summary: str = ""
    isolated: bool = False
    libraries: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()

    def recognises(self, path: Path, start: bytes) -> bool:
        """Say, from the first bytes of a file (none for a folder), whether it is of this format.

        True promises no more than a kinship: a damaged file of the format is recognised, too, so
        that :meth:`read` can say what is wrong with it.
        """
        raise NotImplementedError

    def read(self, path: Path, choices: Choices) -> Generator:
        """Read the model; a bare network where the file does not say what its inputs mean.

        Raises:
            InputFileError: damaged, or not what its beginning promises.
            UnsupportedError: a layer that networks cannot express.
        """
        raise NotImplementedError


readers: Registry[Reader] = Registry(
    "model format", "caloexport.converters.readers", "caloexport.model_readers"
)
