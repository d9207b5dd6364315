"""Which signature and output are read, and in which order the inputs stand."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.savedmodel.graph_message import Body, Port, SavedGraph, Signature
from caloexport.converters.savedmodel.signatures import choose_entrance, input_tensor
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError

FLOAT = np.dtype("f4")


def port(name: str, *shape: int) -> Port:
    return Port(f"{name}:0", shape, FLOAT)


def graph(**signatures: Signature) -> SavedGraph:
    return SavedGraph(Body({}), {}, signatures, "", "2")


ONE = Signature({"x": port("x", -1, 3)}, {"y_10": port("b", -1, 1), "y_9": port("a", -1, 1)})
TWO = Signature({"x": port("x", 4, 3), "z": port("z", 4, 1)}, {"y": port("a", 4, 1)})


def test_the_default_and_the_only_one() -> None:
    assert choose_entrance(graph(serving_default=ONE, other=TWO), None, "m").output == "y_9"
    assert choose_entrance(graph(other=TWO), None, "m").output == "y"
    assert choose_entrance(graph(other=TWO, __saved_model_init_op=ONE), None, "m").batch == 4
    assert choose_entrance(graph(a=ONE, b=TWO), "a:y_10", "m").output == "y_10"


def test_several_have_to_be_chosen_from() -> None:
    with pytest.raises(UsageError, match=r"several signatures .*--signature: a, b"):
        choose_entrance(graph(a=ONE, b=TWO), None, "m")
    with pytest.raises(InputFileError, match="has no signature"):
        choose_entrance(graph(), None, "m")


def test_inputs_of_different_batches() -> None:
    mixed = Signature({"x": port("x", 4, 3), "z": port("z", -1, 1)}, TWO.outputs)
    with pytest.raises(UnsupportedError, match="differ in their number of showers"):
        choose_entrance(graph(a=mixed), None, "m")


@pytest.mark.parametrize(
    ("given", "steps", "shape"),
    [
        ((-1, 3), None, (3,)),
        ((-1, 2, 3), None, (2, 3)),
        ((-1, -1, 3), 5, (5, 3)),
        ((-1,), None, (1,)),
    ],
)
def test_shapes_of_inputs(given: tuple[int, ...], steps: int | None, shape: object) -> None:
    assert input_tensor("x", port("x", *given), steps, "m").shape == shape


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (Port("x:0", None, FLOAT), "does not say its shape"),
        (Port("x:0", (), FLOAT), "no batch axis"),
        (Port("x:0", (-1, 3), None), "does not hold numbers"),
        (port("x", -1, -1), "not fixed"),
        (port("x", -1, 3, -1, 2), "not fixed"),
    ],
)
def test_inputs_that_cannot_be_read(found: Port, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        input_tensor("x", found, None, "m")
