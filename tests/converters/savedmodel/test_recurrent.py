"""Loops of Keras become recurrent layers, others are written out step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.savedmodel.read import read_saved_model
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.savedmodel.operator_cases import weights


def walk(tf: Any, x: Any, step: Callable[[Any, Any, Any], Any], units: int = 3) -> Any:
    """Walk along the steps of x, as Keras does, and return all states."""
    first = tf.transpose(x, [1, 0, 2])
    count = first.shape[0]
    array = tf.TensorArray(tf.float32, size=count).unstack(first)
    out = tf.TensorArray(tf.float32, size=count)

    def body(k: Any, state: Any, out: Any) -> Any:
        state = step(k, array.read(k), state)
        return k + 1, state, out.write(k, state)

    start = tf.zeros([tf.shape(x)[0], units])
    _, _, out = tf.while_loop(lambda k, *_: k < count, body, (0, start, out))
    return tf.transpose(out.stack(), [1, 0, 2])


def plain(tf: Any, x: Any) -> Any:
    return walk(tf, x, lambda k, x, h: tf.nn.relu(x @ weights(2, 3) + h @ weights(3, 3) + 0.1))


def of_two_products(tf: Any, x: Any) -> Any:
    return walk(tf, x, lambda k, x, h: tf.tanh(x @ weights(2, 3)) + tf.tanh(h @ weights(3, 3)))


def of_the_number(tf: Any, x: Any) -> Any:
    def step(k: Any, x: Any, h: Any) -> Any:
        return tf.tanh(x @ weights(2, 3) + h @ weights(3, 3)) * tf.cast(k, "float32")

    return walk(tf, x, step)


def of_the_step_as_it_is(tf: Any, x: Any) -> Any:
    return walk(tf, x, lambda k, x, h: tf.tanh(h @ weights(3, 3) + x[:, :1]))


LOOPS: dict[Callable[[Any, Any], Any], bool] = {
    plain: True,
    of_two_products: False,
    of_the_number: False,
    of_the_step_as_it_is: False,
}


@pytest.fixture(scope="module")
def folder(tensorflow: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tf = tensorflow
    module, signatures = tf.Module(), {}
    for loop in LOOPS:
        spec = tf.TensorSpec((None, 4, 2), name="x")
        signatures[loop.__name__] = traced(tf, loop).get_concrete_function(spec)
    path = tmp_path_factory.mktemp("loops") / "model"
    module.functions = list(signatures.values())
    tf.saved_model.save(module, str(path), signatures=signatures)
    return path


def traced(tf: Any, loop: Callable[[Any, Any], Any]) -> Any:
    return tf.function(lambda x: {"y": loop(tf, x)})


@pytest.mark.parametrize(("loop", "known"), [*LOOPS.items()], ids=[f.__name__ for f in LOOPS])
def test_a_loop(
    loop: Callable[[Any, Any], Any], known: bool, folder: Path, tensorflow: Any
) -> None:
    network = read_saved_model(folder, signature=loop.__name__).network
    kinds = [node.kind for node in network.nodes]
    assert ("simple_rnn" in kinds) == known
    x = np.random.default_rng(1).normal(size=(3, 4, 2)).astype("f4")
    expected = traced(tensorflow, loop)(tensorflow.constant(x))["y"].numpy()
    found = evaluate(network, {"x": x})
    assert found.shape == expected.shape
    assert compare(found.reshape(3, -1), expected.reshape(3, -1), "float32").equal
