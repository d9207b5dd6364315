from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.open import open_model
from caloexport.converters.readers import Choices, Reader, readers
from caloexport.converters.rewrites.one_output import one_output
from caloexport.runtime.errors import UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate, evaluate_all
from tests.networks import dense


def two_heads() -> Network:
    nodes = [
        dense("trunk", "x", 3, 4),
        dense("cells", "trunk", 4, 5),
        dense("energy", "trunk", 4, 1),
    ]
    return Network({"x": (3,), "unread": (2,)}, nodes, ["cells", "energy"])


@pytest.mark.parametrize("name", ["cells", "energy"])
def test_the_output_and_what_it_needs(name: str) -> None:
    network = one_output(two_heads(), name)
    assert [node.name for node in network.nodes] == ["trunk", name]
    assert network.inputs == two_heads().inputs
    x = {"x": np.ones((2, 3)), "unread": np.ones((2, 2))}
    np.testing.assert_array_equal(evaluate(network, x), evaluate_all(two_heads(), x)[name])


def test_users_take_one_output_of_any_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TwoHeads(Reader):
        """Gives a model of two outputs, whatever the file."""

        def recognises(self, path: Path, start: bytes) -> bool:
            return True

        def read(self, path: Path, choices: Choices) -> Generator:
            return Generator.from_network(two_heads())

    (tmp_path / "a.model").write_text("two heads")
    monkeypatch.setattr("caloexport.converters.open.format_of", lambda path, also: "keras")
    assert "keras" in readers  # loads them all
    monkeypatch.setitem(readers._entries, "keras", TwoHeads())
    taken = open_model(tmp_path / "a.model", Choices(output="energy"))
    assert taken.network.outputs == ("energy",)
    with pytest.raises(UsageError, match=r"no output 'mass' \(outputs: cells, energy\)"):
        open_model(tmp_path / "a.model", Choices(output="mass"))
