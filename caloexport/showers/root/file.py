"""An open ROOT file: trees, the axes of histograms, and what it says about itself."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.extras import require
from caloexport.runtime.files import existing_file
from caloexport.showers.root.basket import KEY
from caloexport.showers.root.branch import Branch
from caloexport.showers.root.damage import (
    MAX_BRANCHES,
    MAX_KEYS,
    MAX_OBJECT_BYTES,
    MAX_TREES,
    damage_named,
    damaged,
)
from caloexport.showers.root.inflating import InflatingError, inflate
from caloexport.showers.root.streamers import own_classes, require_plain_names

#: "root", version, first byte of data, length of the file: in four bytes, or in eight
HEADER, LARGE = struct.Struct(">4siii4x"), struct.Struct(">4siiq")
LARGE_VERSION = 1_000_000


@dataclass(frozen=True)
class Tree:
    """A tree: entries, and branches that are made when they are asked for.

    Attributes:
        name: of the tree.
        n: number of entries.
        branches: names of the branches.
    """

    file: RootFile
    name: str
    n: int
    branches: tuple[str, ...]
    source: Any

    def branch(self, name: str) -> Branch:
        """Return a branch.

        Raises:
            InputFileError: not numbers, or damaged.
        """
        with damage_named(self.file.path):
            return Branch(self.file, self.name, self.source[name], self.n)


def require_uproot() -> Any:
    """Import uproot, or say how it is installed.

    Raises:
        MissingDependency: it is not, or awkward is not, which it cannot do without.
    """
    require("awkward", extra="root")
    return require("uproot", extra="root")


class RootFile:
    """A ROOT file, open for reading.

    Attributes:
        path: of the file.
        trees: by name, the newest cycle of each.
    """

    def __init__(self, path: Path) -> None:
        self.path = str(existing_file(path, "shower file (ROOT)"))
        uproot = require_uproot()
        self._stream = Path(path).open("rb")  # noqa: SIM115  # closed by close()
        self._size = Path(path).stat().st_size
        try:
            self._require_whole()
            with damage_named(self.path):
                self._directory = uproot.open(
                    {self.path: None},
                    object_cache=None,
                    array_cache=None,
                    custom_classes=own_classes(),
                    handler=uproot.source.file.MultithreadedFileSource,
                    num_workers=1,
                )
                self._read_header()
                self.trees = self._read_trees()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        directory = self.__dict__.get("_directory")
        if directory is not None:
            directory.file.close()

    def _require_whole(self) -> None:
        """Refuse a file that is shorter than its header says."""
        head = self.read_bytes(0, min(self._size, HEADER.size), self.path)
        small, large = (one.unpack(head.ljust(HEADER.size, b"\0"))[3] for one in (HEADER, LARGE))
        promised = small if int.from_bytes(head[4:8], "big") < LARGE_VERSION else large
        if len(head) < HEADER.size or promised > self._size:
            message = f"is truncated: it says {promised} bytes and has {self._size}"
            raise InputFileError(message, where=self.path, hint="copy or download it again")

    def _read_header(self) -> None:
        file = self._directory.file
        if file.fSeekInfo:
            self._require_object(file.fSeekInfo, "the streamers")
            require_plain_names(file.streamers, self.path)
        classes = self._directory.classnames(recursive=False)
        if len(classes) > MAX_KEYS:
            message = f"holds {len(classes)} entries, expected at most {MAX_KEYS}"
            raise InputFileError(message, where=self.path)
        self.classes: dict[str, str] = {}
        self._cycles: dict[str, int] = {}
        for key, kind in classes.items():
            name, _, cycle = key.rpartition(";")
            if int(cycle) > self._cycles.get(name, -1):
                self.classes[name], self._cycles[name] = str(kind), int(cycle)

    def _read_trees(self) -> dict[str, Tree]:
        names = [name for name, kind in self.classes.items() if kind == "TTree"]
        if len(names) > MAX_TREES:
            message = f"holds {len(names)} trees, expected at most {MAX_TREES}"
            raise InputFileError(message, where=self.path)
        return {name: self._read_tree(name) for name in names}

    def _read_tree(self, name: str) -> Tree:
        source = self.read_object(name)
        branches = tuple(str(branch.name) for branch in source.branches)
        n = int(source.num_entries)
        if n < 0 or len(branches) > MAX_BRANCHES:
            message = f"tree '{name}' declares {n} entries in {len(branches)} branches"
            raise damaged(self.path, message)
        return Tree(self, name, n, branches, source)

    def read_object(self, name: str) -> Any:
        """Read an object of the file's top folder, as uproot makes it.

        Raises:
            InputFileError: damaged, or too large.
        """
        with damage_named(self.path):
            key = f"{name};{self._cycles[name]}"
            self._require_object(self._directory.key(key).fSeekKey, f"'{name}'")
            return self._directory[key]

    def axis(self, name: str) -> tuple[int, float, float] | None:
        """Return number of bins, lower and upper edge of a histogram, None if there is none.

        Raises:
            InputFileError: damaged.
        """
        if not self.classes.get(name, "").startswith("TH1"):
            return None
        with damage_named(self.path):
            axis = self.read_object(name).member("fXaxis")
            low, high = float(axis.member("fXmin")), float(axis.member("fXmax"))
            return int(axis.member("fNbins")), low, high

    def read_bytes(self, start: int, length: int, where: str) -> bytes:
        """Read bytes of the file.

        Raises:
            InputFileError: they are not in the file.
        """
        if start < 0 or length < 0 or start + length > self._size:
            message = f"points to {length} bytes from {start} on, the file has {self._size}"
            raise damaged(where, message)
        self._stream.seek(start)
        return self._stream.read(length)

    def _require_object(self, seek: int, what: str) -> None:
        """Refuse an object that inflates to more than it says, or says too much."""
        head = KEY.unpack(self.read_bytes(seek, KEY.size, self.path))
        stored, inflated, key_bytes = head[0], head[2], head[4]
        if not 0 <= inflated <= MAX_OBJECT_BYTES or not KEY.size <= key_bytes <= stored:
            message = f"{what} is stored in {stored} bytes that inflate to {inflated}"
            raise damaged(self.path, message)
        if stored - key_bytes != inflated:
            try:
                inflate(self.read_bytes(seek, stored, self.path)[key_bytes:], inflated)
            except InflatingError as error:
                message = f"{what} cannot be inflated: {error}"
                raise damaged(self.path, message) from error
