"""HDF5: datasets with attributes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from caloexport.showers.containers import Container, containers
from caloexport.showers.hdf5 import damage_named, members, open_hdf5

if TYPE_CHECKING:
    import h5py


class HDF5(Container):
    """HDF5 files, through h5py."""

    signature = b"\x89HDF\r\n\x1a\n"

    def open(self, path: Path) -> h5py.File:
        return open_hdf5(path)

    def members(self, file: h5py.File) -> Mapping[str, h5py.Dataset]:
        return members(file)

    def listing(self, file: h5py.File, members: Mapping[str, h5py.Dataset]) -> str:
        shown = [f"{key} {data.shape}" for key, data in list(members.items())[:8]]
        return ", ".join(shown) or "no datasets"

    def damage_named(self, where: str) -> AbstractContextManager[None]:
        return damage_named(where)

    def create(self, path: Path, fill: Callable[[h5py.File], None]) -> None:
        # HDF5's wordy errors become those of the operating system
        import h5py

        try:
            with h5py.File(path, "w", libver="earliest") as file:
                fill(file)
        except (OSError, RuntimeError) as error:
            text = str(error)
            known = {"No space left": errno.ENOSPC, "File too large": errno.EFBIG}
            number = next((n for words, n in known.items() if words in text), None)
            if number is not None:
                raise OSError(number, os.strerror(number)) from error
            raise


containers.register("hdf5")(HDF5())
