from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.lwtnn.network import network_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.targets import targets
from caloexport.converters.verify import target_of, verify
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError, OutputFileError, UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.networks import decoder, dense, four_inputs


def exported(folder: Path, generator: Generator | None = None) -> Path:
    path = folder / "toy.json"
    export(generator or decoder(), "lwtnn", path)
    return path


def chain(*nodes: Node, n_in: int = 4) -> Generator:
    return Generator.from_network(Network({"x": (n_in,)}, nodes, [nodes[-1].name]), name="chain")


def test_the_file_is_what_par04_expects(tmp_path: Path) -> None:
    path = exported(tmp_path)
    graph = json.loads(path.read_text())
    assert list(graph) == [
        "caloexport", "inputs", "input_sequences", "nodes", "layers", "outputs",
    ]  # fmt: skip
    assert graph["input_sequences"] == []
    (node,) = graph["inputs"]
    assert node["name"] == "node_0" and set(node) == {"name", "variables"}
    expected = [{"name": f"variable_{k}", "offset": 0, "scale": 1} for k in range(15)]
    assert node["variables"] == expected
    (output,) = graph["outputs"].values()
    assert output["labels"] == [f"out_{k}" for k in range(60)]
    assert graph["nodes"][output["node_index"]]["type"] == "feed_forward"
    for layer in graph["layers"]:
        assert {"architecture", "weights", "bias", "activation"} == set(layer)
    # the normalization behind the activation went into the next dense layer
    assert [layer["activation"] for layer in graph["layers"]] == [
        {"function": "leakyrelu", "alpha": 0.3},
        "sigmoid",
    ]


def test_several_inputs_keep_their_order(tmp_path: Path) -> None:
    order = ("geometry", "z", "angle", "energy")
    graph = json.loads(exported(tmp_path, four_inputs(order)).read_text())
    sizes = {node["name"]: len(node["variables"]) for node in graph["inputs"]}
    assert sizes == {"node_0": 10, "node_1": 1, "node_2": 1, "node_3": 3}
    joint = next(node for node in graph["nodes"] if node["type"] == "concatenate")
    assert joint["sources"] == [3, 0, 2, 1]


def test_text_is_compact_and_has_nine_digits(tmp_path: Path) -> None:
    kernel = np.array([[1.0, 1 / 3], [0.0, -123456.789]], dtype=np.float32)
    node = Node("d", "dense", ("x",), {}, {"kernel": kernel, "bias": np.zeros(2, "f4")})
    text = exported(tmp_path, chain(node, n_in=2)).read_text()
    assert '"weights":[1,0,0.333333343,-123456.789],"bias":[0,0],"activation":"linear"' in text
    assert ": " not in text and text.count("\n") == 1
    graph = read_lwtnn(tmp_path / "toy.json")
    np.testing.assert_array_equal(network_of(graph)["d"].weights["kernel"], kernel)


def test_about_names_schema_hash_and_oldest_version(tmp_path: Path) -> None:
    path = tmp_path / "toy.json"
    generator = export(decoder(), "lwtnn", path).generator
    assert json.loads(path.read_text())["caloexport"] == {
        "schema": "caloexport.lwtnn/1",
        "manifest_sha256": generator.manifest.hash,
        "manifest": "toy.manifest.safetensors",
        "lwtnn_minimum": "2.8",
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["toy.json", "toy.manifest.safetensors"]
    shortcut = chain(dense("d", "x", 4, 4), Node("sum", "add", ("d", "x")))
    newer = json.loads(exported(tmp_path, shortcut).read_text())
    assert newer["caloexport"]["lwtnn_minimum"] == "2.14"


NORM = {"scale": np.array([0.0, 2.0, 0.0, 1.0], "f4"), "offset": np.array([1, 2, 0, -1], "f4")}
EXPRESSIBLE: dict[str, list[Node]] = {
    "activation first": [Node("a", "activation", ("x",), {"function": "tanh"})],
    "scale 0 first": [Node("n", "normalization", ("x",), {}, NORM)],
    "scale 0 after an activation": [
        dense("d", "x", 4, 4),
        Node("a", "activation", ("d",), {"function": "relu"}),
        Node("n", "normalization", ("a",), {}, NORM),
        Node("b", "activation", ("n",), {"function": "sigmoid"}),
    ],
    "dense read twice": [
        dense("d", "x", 4, 4),
        Node("a", "activation", ("d",), {"function": "relu"}),
        Node("both", "concatenate", ("d", "a")),
    ],
    "selu and relu6": [
        dense("d", "x", 4, 5),
        Node("a", "activation", ("d",), {"function": "selu"}),
        Node("b", "activation", ("a",), {"function": "relu", "max_value": 6.0}),
        dense("e", "b", 5, 3),
    ],
    "add of one value": [dense("d", "x", 4, 1), Node("sum", "add", ("d", "x", "d"))],
    "identity": [Node("d", "dropout", ("x",))],
    "grid": [dense("d", "x", 4, 6), Node("g", "reshape", ("d",), {"shape": [2, 3]})],
    "hard_sigmoid of Keras 3": [
        dense("d", "x", 4, 5),
        Node("a", "activation", ("d",), {"function": "hard_sigmoid", "slope": 1 / 6}),
    ],
    "swish per unit": [
        dense("d", "x", 4, 3),
        Node("a", "activation", ("d",), {"function": "swish"}, {"beta": np.array([0.0, -1, 9])}),
    ],
    "softmax within groups": [
        dense("d", "x", 4, 5),
        Node("a", "activation", ("d",), {"function": "grouped_softmax", "groups": [2, 3]}),
    ],
}


@pytest.mark.parametrize("name", EXPRESSIBLE)
def test_exact_rewrites_verify(name: str, tmp_path: Path) -> None:
    path = exported(tmp_path, chain(*EXPRESSIBLE[name]))
    assert verify(path).equal


def test_a_normalization_of_scale_zero_keeps_its_offset(tmp_path: Path) -> None:
    path = exported(tmp_path, chain(*EXPRESSIBLE["scale 0 first"]))
    kinds = [layer["architecture"] for layer in json.loads(path.read_text())["layers"]]
    assert kinds == ["normalization", "dense"]
    found = backends["lwtnn"].open(path).run(np.ones((1, 4), np.float32))
    np.testing.assert_array_equal(found, [[1, 4, 0, 0]])


def wide(kind: str, **attributes: Any) -> list[Node]:
    return [dense("d", "x", 4, 4), Node("bad", kind, ("d", "x"), attributes)]


def unit(function: str, **attributes: Any) -> list[Node]:
    return [
        dense("d", "x", 4, 4),
        Node("bad", "activation", ("d",), {"function": function, **attributes}),
    ]


REFUSED = {
    "multiply": (wide("multiply"), "LWTNN has no multiply node"),
    "softplus": (unit("softplus"), "LWTNN has no activation 'softplus'"),
    "gelu": (unit("gelu"), "LWTNN has no activation 'gelu'"),
    "threshold": (unit("relu", threshold=0.5), "no slope, maximum or threshold"),
    "infinite slope": (unit("leaky_relu", negative_slope=math.inf), "expected a finite number"),
    "maximum over an axis": (
        [
            Node("g", "reshape", ("x",), {"shape": [2, 2]}),
            Node("bad", "reduce", ("g",), {"function": "max", "axes": [0]}),
        ],
        "max cannot work on flat vectors",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_name_layer_reason_and_willing_targets(name: str, tmp_path: Path) -> None:
    nodes, reason = REFUSED[name]
    with pytest.raises(UnsupportedError, match=rf"layer 'bad': .*{reason}.*numba"):
        exported(tmp_path, chain(*nodes))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["add of one value", "swish per unit", "hard_sigmoid of Keras 3"])
def test_what_prepare_would_rewrite_is_refused_without(name: str) -> None:
    (refusal,) = targets["lwtnn"].refusals(chain(*EXPRESSIBLE[name]).network)
    assert refusal.layer == EXPRESSIBLE[name][-1].name and "LWTNN" in refusal.reason


def test_branches_that_multiply_the_work_are_refused(tmp_path: Path) -> None:
    nodes = [dense("d0", "x", 4, 4)]
    for k in range(12):
        nodes.append(Node(f"s{k}", "add", (nodes[-1].name, nodes[-1].name)))
        nodes.append(dense(f"d{k + 1}", f"s{k}", 4, 4))
    with pytest.raises(UnsupportedError, match="once for each layer that reads it"):
        exported(tmp_path, chain(*nodes))


def test_weights_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    bad = dense("d", "x", 4, 4)
    bad.weights["kernel"][1, 2] = np.nan
    generator = chain(bad)
    target = targets["lwtnn"]
    with pytest.raises(InputFileError, match=r"layer 'd' has 1 weights .* kernel\[1, 2\] = nan"):
        target.write(tmp_path / "a.json", generator, None)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_engine_runs_any_lwtnn_file_and_generators_in_memory(tmp_path: Path) -> None:
    generator = decoder()
    x = np.linspace(-1, 1, 45, dtype=np.float32).reshape(3, 15)
    expected = evaluate(generator.network, generator.split(x))
    engine = backends["lwtnn"]
    for executor in (engine.open(exported(tmp_path)), engine.prepare(generator)):
        np.testing.assert_allclose(executor.run(x), expected, rtol=1e-6)


def test_content_tells_the_format(tmp_path: Path) -> None:
    path = exported(tmp_path)
    other = tmp_path / "renamed.txt"
    other.write_text(json.dumps({"inputs": [], "layers": []}, indent=2))
    assert target_of(path)[0] == target_of(other)[0] == "lwtnn"
    for text in ("[]", '{"architectures": 1}', "inputs", ""):
        other.write_text(text)
        assert not targets["lwtnn"].recognises(other)
    assert not targets["lwtnn"].recognises(tmp_path)


def test_reformatted_json_still_verifies(tmp_path: Path) -> None:
    path = exported(tmp_path)
    graph = json.loads(path.read_text())
    about = graph.pop("caloexport")
    path.write_text(json.dumps({**graph, "caloexport": about}, indent=2))
    assert verify(path).equal


def test_an_edited_weight_is_found(tmp_path: Path) -> None:
    path = exported(tmp_path)
    graph = json.loads(path.read_text())
    graph["layers"][1]["bias"][17] += 0.01
    path.write_text(json.dumps(graph))
    verification = verify(path)
    assert not verification.equal
    assert "cell (r=0, phi=3, z=2)" in verification.where


def without_proof(path: Path) -> None:
    path.with_name("toy.manifest.safetensors").unlink()


def foreign(path: Path) -> None:
    graph = json.loads(path.read_text())
    del graph["caloexport"]
    path.write_text(json.dumps(graph))


def other_proof(path: Path) -> None:
    four = four_inputs()
    export(four, "lwtnn", path.with_name("four.json"))
    path.with_name("four.manifest.safetensors").replace(path.with_name("toy.manifest.safetensors"))


def outside(path: Path) -> None:
    path.write_text(path.read_text().replace('"toy.manifest', '"../toy.manifest'))


def not_ours(path: Path) -> None:
    export(decoder(), "numba", path.with_name("toy.manifest.safetensors"))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (without_proof, "manifest and test vectors are missing"),
        (foreign, "caloexport did not write this"),
        (other_proof, "another export than toy.json"),
        (outside, "expected a file beside it"),
        (not_ours, "holds no manifest"),
        (lambda p: p.write_text(p.read_text()[:-300]), "not valid JSON"),
        (lambda p: p.write_text(p.read_text()[:100]), "not valid JSON"),
    ],
    ids=["alone", "foreign", "other", "outside", "not ours", "truncated", "short"],
)
def test_damaged_artifacts_are_refused(damage: Any, message: str, tmp_path: Path) -> None:
    path = exported(tmp_path)
    damage(path)
    with pytest.raises(InputFileError, match=message):
        verify(path)


def test_failed_export_leaves_both_old_files(tmp_path: Path) -> None:
    path = exported(tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(UnsupportedError):
        exported(tmp_path, chain(*unit("gelu")))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    assert verify(path).equal


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("caloexport.converters.targets.lwtnn.write_safetensors", fail)
    with pytest.raises(OutputFileError, match="No space left"):
        exported(tmp_path)
    assert list(tmp_path.iterdir()) == []


PAR04 = """
import resource, sys
from pathlib import Path
import numpy as np
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node

def mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before = mb()
rng, nodes, last = np.random.default_rng(0), [], "x"
sizes = [14, 14, 20, 50, 100, 40500]
for k, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
    kernel = rng.standard_normal((n_in, n_out), dtype=np.float32) * np.float32(n_in**-0.5)
    weights = {"kernel": kernel, "bias": np.zeros(n_out, "f4")}
    nodes.append(Node(f"d{k}", "dense", (last,), {}, weights))
    end = k == len(sizes) - 2
    function = {"function": "sigmoid"} if end else {"function": "elu", "alpha": 1.0}
    nodes.append(Node(f"a{k}", "activation", (f"d{k}",), function))
    last = f"a{k}"
    if not end:
        norm = {"scale": np.full(n_out, 1.1, "f4"), "offset": np.full(n_out, 0.1, "f4")}
        nodes.append(Node(f"n{k}", "normalization", (last,), {}, norm))
        last = f"n{k}"
del kernel, weights
generator = Generator.from_network(Network({"x": (14,)}, nodes, [last]))
path = Path(sys.argv[1])
export(generator, "lwtnn", path)
path.with_name("w1.manifest.safetensors").unlink()
again = open_model(path, backend="numpy")
print((mb() - before) * 2**20, 4 * generator.network.parameters, "tensorflow" in sys.modules)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is counted in kB on Linux only")
def test_the_par04_decoder_takes_little_memory(tmp_path: Path) -> None:
    """Write, verify and read as a model 4.1 million weights."""
    call = [sys.executable, "-c", PAR04, str(tmp_path / "w1.json")]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    extra, weights, tensorflow = done.stdout.split()
    assert tensorflow == "False"
    assert float(extra) <= 5 * float(weights) + 50e6
