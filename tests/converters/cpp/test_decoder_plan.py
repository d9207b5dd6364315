"""The plan in C++ says what the compiled backend's plan says."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from caloexport.converters.cpp.decoder_plan import (
    FUNCTIONS,
    OPERATIONS,
    REDUCTIONS,
    STORAGES,
    DecoderPlan,
    decoder_plan,
)
from caloexport.cpp_snippets import folder
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels.planner import make_plan
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import TILE
from tests.every_layer import activation_network
from tests.networks import dense


def planned(network: Network, precision: str = "float32") -> DecoderPlan:
    generator = Generator.from_network(network, precision=precision)
    places = {f"{node}.{key}": 64 * k for k, (node, key) in enumerate(generator.packed)}
    return decoder_plan(generator, places)


def members(plan: DecoderPlan, step: int) -> dict[str, str]:
    return {name: value for name, value, _ in plan.steps[step].members}


@pytest.mark.parametrize(
    ("enumeration", "names"),
    [
        ("Operation", OPERATIONS),
        ("Function", FUNCTIONS),
        ("Reduction", REDUCTIONS),
        ("Storage", STORAGES),
    ],
)
def test_enumerators_stand_in_the_order_of_the_numbers(
    enumeration: str, names: dict[int, str]
) -> None:
    text = (folder() / "decoder" / "step.h").read_text()
    found = re.search(rf"enum class {enumeration} : int {{(.*?)}}", text, re.DOTALL)
    assert found is not None
    assert found.group(1).replace(",", " ").split() == [names[k] for k in range(len(names))]


def test_weights_are_places_in_their_file_and_a_remark() -> None:
    plan = planned(Network({"x": (3,)}, [dense("a", "x", 3, 4), dense("b", "a", 4, 5)], ["b"]))
    assert [step.title for step in plan.steps] == ["a: dense, 3 to 4", "b: dense, 4 to 5"]
    first, last = members(plan, 0), members(plan, 1)
    assert (first["first"], first["second"]) == ("weights + 0", "weights + 64")
    assert (last["first"], last["target"]) == ("weights + 128", "to_output")
    assert ("first", "weights + 0", "a.kernel") in plan.steps[0].members
    assert plan.tables == ()
    assert (plan.n_inputs, plan.n_outputs) == (3, 5)


def test_there_is_room_for_what_the_compiled_backend_takes() -> None:
    network = Network({"x": (3,)}, [dense("a", "x", 3, 33), dense("b", "a", 33, 5)], ["b"])
    generator = Generator.from_network(network)
    assert planned(network).scratch >= make_plan(generator.manifest, generator.packed).scratch(1)


def test_equal_index_maps_become_one_table() -> None:
    network = Network({"x": (4,), "y": (4,)}, [Node("sum", "add", ("x", "y"))], ["sum"])
    plan = planned(network)
    (table,) = plan.tables
    assert (table.type, table.size, table.lines) == ("std::int64_t", 4, ("0, 1, 2, 3,",))
    assert members(plan, 0)["first"] == members(plan, 0)["second"] == table.name


def test_a_table_of_zeros_is_not_written_out() -> None:
    weights = {"kernel": np.ones((2, 5, 3), "f4"), "bias": np.ones(5, "f4")}
    node = Node(
        "up", "conv_transpose", ("x",), {"strides": [2], "dilation": [1], "crop": [[0, 0]]}, weights
    )
    tables = planned(Network({"x": (4, 3)}, [node], ["up"])).tables
    assert any(not table.lines and table.size == TILE for table in tables)


def test_a_limit_that_is_not_set_is_infinite() -> None:
    found = members(planned(activation_network("clip", {"minimum": -0.5})), 0)
    assert found["constants[0]"] == "-0.5f"
    assert found["constants[1]"] == "std::numeric_limits<float>::infinity()"


def test_every_constant_is_exact() -> None:
    slope = 1 / 3
    found = members(planned(activation_network("leaky_relu", {"negative_slope": slope})), 0)
    assert np.float32(found["constants[0]"].rstrip("f")) == np.float32(slope)
    assert not math.isinf(slope)
