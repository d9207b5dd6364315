from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node
from tests.networks import dense


def relu(name: str, *inputs: str) -> Node:
    return Node(name, "activation", inputs, {"function": "relu"})


def test_shapes_parameters_and_cost() -> None:
    nodes = [dense("a", "x", 3, 5), relu("b", "a"), dense("c", "b", 5, 2)]
    network = Network({"x": (3,)}, nodes, ["c"])
    assert network.shapes == {"x": (3,), "a": (5,), "b": (5,), "c": (2,)}
    assert (network.n_inputs, network.n_outputs) == (3, 2)
    assert network.parameters == 3 * 5 + 5 + 5 * 2 + 2
    assert network.flops == (2 * 15 + 5) + 5 + (2 * 10 + 2)
    assert [node.name for node in network.consumers("a")] == ["b"]
    assert network["b"].kind == "activation"


def test_an_input_may_be_an_output() -> None:
    assert Network({"x": (2, 3)}, [], ["x"]).n_outputs == 6


@pytest.mark.parametrize(
    ("inputs", "nodes", "outputs", "message"),
    [
        ({"x": (3,)}, [relu("a", "b"), relu("b", "x")], ["a"], "'a' reads 'b', which nothing"),
        ({"x": (3,)}, [relu("a", "x"), relu("a", "x")], ["a"], "two layers are named 'a'"),
        ({"x": (3,)}, [relu("x", "x")], ["x"], "two layers are named 'x'"),
        ({"x": (3,)}, [relu("a", "x")], [], "has no output"),
        ({"x": (3,)}, [relu("a", "x")], ["b"], "output 'b' is not a layer"),
        ({"x": ()}, [], ["x"], r"input 'x' has the shape \(\)"),
        ({"x": (0,)}, [], ["x"], r"input 'x' has the shape \(0,\)"),
        ({"x": (4,)}, [dense("a", "x", 3, 5)], ["a"], "'a' .dense.: expected 3 inputs"),
        (
            {"x": (3,)},
            [Node("a", "dens", ("x",))],
            ["a"],
            "'a' is of the unknown kind 'dens'.*mean",
        ),
        ({"x": (3,)}, [relu("a")], ["a"], "'a' .activation. has 0 inputs, not 1"),
    ],
)
def test_misfits_name_the_layer(
    inputs: dict[str, tuple[int, ...]], nodes: list[Node], outputs: list[str], message: str
) -> None:
    with pytest.raises(InputFileError, match=message):
        Network(inputs, nodes, outputs)


def test_growing_without_bound_is_refused_before_it_takes_memory() -> None:
    nodes = [Node("n0", "concatenate", ("x", "x"))]
    nodes += [Node(f"n{i}", "concatenate", (f"n{i - 1}",) * 2) for i in range(1, 60)]
    with pytest.raises(InputFileError, match=r"up to layer 'n2\d', one shower takes"):
        Network({"x": (2,)}, nodes, ["n59"])


def test_a_missing_layer_lists_the_layers() -> None:
    with pytest.raises(InputFileError, match=r"no layer named 'z' .layers: a\)"):
        Network({"x": (3,)}, [relu("a", "x")], ["a"])["z"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1e300])
def test_weights_that_are_not_finite_are_named(bad: float) -> None:
    node = dense("a", "x", 2, 2)
    kernel = node.weights["kernel"].astype(np.float64)
    kernel[1, 0] = bad
    broken = Network({"x": (2,)}, [node.with_weights(kernel=kernel)], ["a"])
    with pytest.raises(InputFileError, match=r"m.h5: layer 'a' has 1 .* kernel\[1, 0\] = "):
        broken.require_finite("m.h5")
    sound = Network({"x": (2,)}, [node], ["a"])
    assert sound.require_finite("m.h5") is sound
