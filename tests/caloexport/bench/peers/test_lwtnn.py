"""lwtnn: the stand-in of the tests and, where ``LWTNN_PREFIX`` names one, the real library."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from caloexport.bench import lwtnn_peer
from caloexport.bench.lwtnn_peer import GRAPH, PREFIX, installation
from caloexport.bench.peers import peers
from caloexport.bench.workloads import workloads
from caloexport.runtime.errors import InputFileError, MissingDependency, UnsupportedError
from caloexport.runtime.network import Network, Node
from tests.caloexport.bench.peers.checked import CHAINS, check
from tests.cpp.compiling import STANDINS
from tests.networks import dense, four_inputs
from tests.programs import require_program

NAMES = ["lwtnn-graph", "lwtnn-fastgraph"]
#: where a real one is, before a test changes the variable
REAL = os.environ.get(PREFIX)


@pytest.fixture(scope="module", params=["standin", *(["real"] if REAL else [])])
def prefix(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed lwtnn; the stand-in needs no library, so its own is empty."""
    if request.param == "real":
        return Path(str(REAL))
    place: Path = tmp_path_factory.mktemp("lwtnn")
    for name in ("include", "lib"):
        (place / name).mkdir()
    for name in ("lwtnn", "standin"):
        (place / "include" / name).symlink_to(STANDINS / "lwtnn" / name)
    (place / "include" / "eigen3").symlink_to(STANDINS / "lwtnn")
    command = [require_program("g++"), "-shared", "-x", "c++", os.devnull]
    subprocess.run([*command, "-o", str(place / "lib" / "liblwtnn.so")], check=True)
    return place


@pytest.fixture
def installed(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PREFIX, str(prefix))
    monkeypatch.setattr(lwtnn_peer, "USUAL_EIGEN", ())
    return prefix


@pytest.mark.system
@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_those_of_the_reference(name: str, installed: Path, tmp_path: Path) -> None:
    peers[name].require()
    check(name, CHAINS["leaky_relu" if name == "lwtnn-graph" else "swish"], "float32", tmp_path)


@pytest.mark.system
def test_inputs_keep_their_order(installed: Path, tmp_path: Path) -> None:
    order = ("geometry", "z", "energy", "angle")
    check("lwtnn-graph", four_inputs(order).network, "float32", tmp_path)
    (tmp_path / GRAPH).write_text("{}")
    with pytest.raises(InputFileError, match="lwtnn does not open it: No such node"):
        peers["lwtnn-graph"].open(tmp_path, [(1,)], "float32", 1)


@pytest.mark.system
def test_headers_that_do_not_compile_are_an_obstacle(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lwtnn_peer, "FLAGS", (*lwtnn_peer.FLAGS, "-include", "absent.h"))
    with pytest.raises(UnsupportedError, match=r"does not compile: .*absent\.h"):
        peers["lwtnn-graph"].write(tmp_path, CHAINS["swish"], "float32", (1,))


@pytest.mark.parametrize("name", NAMES)
def test_without_the_library_it_says_how_to_name_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PREFIX, raising=False)
    with pytest.raises(MissingDependency, match=r"lwtnn is not installed \(set LWTNN_PREFIX"):
        peers[name].require()
    monkeypatch.setenv(PREFIX, str(tmp_path))
    with pytest.raises(MissingDependency, match="set LWTNN_PREFIX"):
        peers[name].require()


def test_eigen_is_that_of_the_librarys_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("lib64/liblwtnn.so", "include/lwtnn/generic/FastGraph.hh", "own/Eigen/Dense"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).touch()
    monkeypatch.setenv(PREFIX, str(tmp_path))
    monkeypatch.setattr(lwtnn_peer, "USUAL_EIGEN", ())
    with pytest.raises(MissingDependency, match=r"Eigen.*libeigen3-dev"):
        installation()
    (tmp_path / "cmake").mkdir()
    told = f'INTERFACE_INCLUDE_DIRECTORIES "{tmp_path}/own;${{_IMPORT_PREFIX}}/include"'
    (tmp_path / "cmake" / "lwtnnConfig-targets.cmake").write_text(told)
    found = installation()
    assert found.includes == (tmp_path / "include", tmp_path / "own")
    assert found.library == tmp_path / "lib64" / "liblwtnn.so"


@pytest.mark.parametrize("workload", workloads.names())
def test_it_takes_the_workloads(workload: str) -> None:
    assert peers["lwtnn-fastgraph"].obstacle(workloads[workload]().network) is None


def test_what_it_lacks_is_an_obstacle() -> None:
    steps = Network({"x": (3, 2)}, [Node("y", "activation", ("x",), {"function": "relu"})], ["y"])
    assert peers["lwtnn-graph"].obstacle(steps) == "input vectors only"
    nodes = [dense("a", "x", 3, 2), Node("y", "multiply", ("a", "a"))]
    reason = peers["lwtnn-graph"].obstacle(Network({"x": (3,)}, nodes, ["y"]))
    assert reason is not None
    assert "multiply" in reason
