"""Formats: the layouts of shower files that we read and write, one file each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import CylinderMesh, Mesh
from caloexport.runtime.registry import Registry
from caloexport.showers.showers import Showers


@dataclass(frozen=True)
class Reading:
    """What the caller knows about a file beyond its content.

    Attributes:
        binning: name of a shipped binning, or an XML file; None infers it.
        particle: entry of the binning file, where it has several that fit.
        order: storage order of flat showers; None takes the format's own.
        mesh: the cells of a regular cylinder, where the file does not tell them.
    """

    binning: str | Path | None = None
    particle: str | None = None
    order: tuple[str, ...] | None = None
    mesh: CylinderMesh | None = None


@dataclass(frozen=True)
class Content:
    """Everything that a writer writes.

    Attributes:
        mesh: the cells, in the order of the blocks.
        conditions: by name an array (n,).
        blocks: energies (k, *mesh shape) MeV, float32 or float16, in order, n in all.
        attributes: text and numbers that go into the file.
        dtype: type of the stored energies.
    """

    mesh: Mesh
    conditions: Mapping[str, Array]
    blocks: Iterable[Array]
    attributes: Mapping[str, Any]
    dtype: str = "float32"


class Format:
    """A layout of shower files.

    Attributes:
        summary: one line for listings.
        container: what the files are made of, by its name in the registry of containers.
    """

    summary: str = ""
    container: str = "hdf5"

    def recognises(self, members: Mapping[str, Any]) -> bool:
        """Say, from the datasets or trees of a file, whether it is of this kind."""
        raise NotImplementedError

    def read(self, file: Any, members: Mapping[str, Any], reading: Reading) -> Showers:
        """Read mesh and conditions, and prepare reading energies.

        Args:
            file: as the container opens it.
            members: its datasets (HDF5) or trees (ROOT), by name.
            reading: what the caller knows besides.

        Raises:
            InputFileError: the file is not what it claims to be.
        """
        raise NotImplementedError

    def write(self, file: Any, content: Content, destination: Path) -> None:
        """Write showers into an open new file that will get the name ``destination``.

        Raises:
            UnsupportedError: the layout cannot express these showers.
        """
        raise NotImplementedError


formats: Registry[Format] = Registry(
    "shower format", "caloexport.showers.formats", "caloexport.shower_formats"
)
