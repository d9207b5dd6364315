"""ROOT: trees of entries, and text about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from caloexport.showers.containers import Container, containers
from caloexport.showers.root.damage import damage_named, printable
from caloexport.showers.root.file import RootFile, Tree, require_uproot


class Root(Container):
    """ROOT files, through uproot."""

    signature = b"root"

    def open(self, path: Path) -> RootFile:
        return RootFile(path)

    def members(self, file: RootFile) -> Mapping[str, Tree]:
        return file.trees

    def listing(self, file: RootFile, members: Mapping[str, Tree]) -> str:
        shown = [
            printable(f"tree {name} of {tree.n} entries ({', '.join(tree.branches[:8])})")
            for name, tree in list(members.items())[:8]
        ]
        others = [f"{name} ({kind})" for name, kind in file.classes.items() if kind != "TTree"]
        shown += [printable(one) for one in others[:8]]
        return ", ".join(shown) or "nothing"

    def damage_named(self, where: str) -> AbstractContextManager[None]:
        return damage_named(where)

    def create(self, path: Path, fill: Callable[[Any], None]) -> None:
        uproot = require_uproot()
        with path.open("w+b") as stream, uproot.recreate(stream) as file:
            fill(file)


containers.register("root")(Root())
