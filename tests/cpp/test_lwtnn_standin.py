"""The stand-in of lwtnn computes what the real library gave for the same files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.cpp.compiling import Compiler
from tests.cpp.lwtnn_library import LwtnnLibrary, lwtnn_library

__all__ = ["lwtnn_library"]

pytestmark = pytest.mark.system

PROGRAM = Path(__file__).parent / "programs" / "lwtnn_graph.cc"
GOLDEN = Path(__file__).parents[1] / "golden" / "lwtnn"
#: feed-forward graphs of dense, normalization, concatenate and add, with every activation
NAMES = ["activations", "normalization", "residual", "swish", "two_inputs"]
#: what the library refuses -> the exit code of the program (1: logic_error, 2: runtime_error)
REFUSALS = {
    ("{", "}"): 2,
    ('"sources":', '"sauces":'): 2,
    ('"size":2', '"size":2.0'): 2,
    ('"dense"', '"dance"'): 1,
    ('"tanh"', '"relu"'): 1,
    ('"layer_index":0', '"layer_index":7'): 1,
    ('"bias":[0.5]', '"bias":[0.5,0.5]'): 1,
    ('"weights":[1,2]', '"weights":[1,2,3]'): 1,
    ('"weights":[1,2]', '"weights":[1,NaN]'): 2,
    (',"activation":"tanh"', ""): 1,
    ('"a":{', '"b":{"labels":["x"],"node_index":1},"a":{'): 1,
    ('"sources":[0],"type":"feed_forward"', '"sources":[1],"type":"feed_forward"'): 1,
    ('"labels":["y"]', '"labels":["y"],"node_index":9,"unused":[]'): 1,
}
GRAPH = (
    '{"inputs":[{"name":"x","variables":[{"name":"u","offset":1,"scale":2},'
    '{"name":"v","offset":0,"scale":1}]}],"input_sequences":[],'
    '"nodes":[{"sources":[0],"type":"input","size":2},'
    '{"sources":[0],"type":"feed_forward","layer_index":0}],'
    '"layers":[{"architecture":"dense","weights":[1,2],"bias":[0.5],"activation":"tanh"}],'
    '"outputs":{"a":{"labels":["y"],"node_index":1}}}'
)


@pytest.fixture
def program(compiler: Compiler, lwtnn_library: LwtnnLibrary) -> Path:
    return compiler.program([PROGRAM], **lwtnn_library.options())


def evaluated(program: Path, graph: Path, x: list[list[float]]) -> np.ndarray:
    """Return (rows, 3, outputs): maps, vectors of double, vectors of float."""
    text = "".join(" ".join(map(str, row)) + "\n" for row in x)
    done = subprocess.run([program, graph], input=text, capture_output=True, text=True, check=True)
    lines = [[float.fromhex(word) for word in line.split()] for line in done.stdout.splitlines()]
    return np.array(lines).reshape(len(x), 3, -1)


@pytest.mark.parametrize("name", NAMES)
def test_graphs_give_what_the_library_gave(program: Path, name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.golden.json").read_text())
    found = evaluated(program, GOLDEN / f"{name}.json", golden["inputs"])
    expected = np.array(golden["outputs"])
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found[:, 1], expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found[:, 2], expected, rtol=1e-5, atol=1e-6 * abs(expected).max())


@pytest.mark.parametrize(("change", "status"), REFUSALS.items(), ids=lambda one: str(one))
def test_what_the_library_refuses_is_refused(
    program: Path, change: tuple[str, str], status: int, tmp_path: Path
) -> None:
    graph = tmp_path / "graph.json"
    graph.write_text(GRAPH)
    np.testing.assert_allclose(evaluated(program, graph, [[0.5, -1.0]]), np.tanh(1.5))
    assert change[0] in GRAPH
    graph.write_text(GRAPH.replace(*change, 1))
    told = subprocess.run(
        [program, graph], input="0.5 -1", capture_output=True, text=True, check=False
    )
    assert (told.returncode, len(told.stdout.splitlines())) == (status, 1)
