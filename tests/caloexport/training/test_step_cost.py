from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import UnsupportedError
from caloexport.training import step_cost
from caloexport.training.matrix_products import Product, alone, products
from tests.caloexport.training import tiny, tiny_runs

tf = pytest.importorskip("tensorflow")


def test_products_are_counted_in_the_graph_whatever_is_transposed() -> None:
    def of(a: object, b: object) -> object:
        tf.matmul(a, a)  # nothing needs it
        both = tf.matmul(a, b, transpose_a=True)  # (4, 4) x (4, 5)
        return tf.matmul(both, b, transpose_b=True), tf.matmul(
            both[None], b[None], transpose_a=True
        )

    graph = tf.function(of).get_concrete_function(tf.ones((4, 4)), tf.ones((4, 5))).graph
    found = sorted(products(graph), key=lambda product: (len(product.left), product.right))
    assert found == [
        Product((4, 4), (4, 5), (True, False)),
        Product((4, 5), (4, 5), (False, True)),
        Product((1, 4, 5), (1, 4, 5), (True, False)),
    ]
    assert [one.operations for one in found] == [2 * 4 * 4 * 5, 2 * 4 * 5 * 4, 2 * 5 * 4 * 5]
    flat = [one for one in found if len(one.left) == 2]
    assert alone([*flat, *flat, *flat])().shape == (6,)


def test_a_graph_that_calls_others_is_not_counted_wrongly() -> None:
    inner = tf.function(lambda a: tf.matmul(a, a))
    graph = tf.function(lambda a: inner(a) + 1).get_concrete_function(tf.ones((2, 2))).graph
    with pytest.raises(UnsupportedError, match="calls another graph"):
        products(graph)


def test_an_update_of_any_family_is_timed_and_its_products_counted(tmp_path: Path) -> None:
    training = tiny_runs.begin(tmp_path, "wgan-gp")
    cost = step_cost.measure(training.trainer, updates=2)
    # the generator makes 8 showers for the critics and 8 for itself, whose kernels need as much
    passes, rows, width, hidden, cells = 3, 8, training.trainer.decoder.width, 6, 266
    assert cost.operations > passes * 2 * rows * (width * hidden + hidden * cells)
    assert cost.products > passes * 2
    assert min(cost.streamed_ms, cost.fixed_ms, cost.processor_ms, cost.products_ms) > 0
    assert f"{cost.products} matrix products" in str(cost)


def test_an_update_of_another_engine_is_timed_against_tensorflows(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    config = tiny.config(tmp_path)
    file = tiny.write(tmp_path / "siw.h5")
    cost = step_cost._here((file,), "fastv", "metahep", config, 8, 2, 1)
    assert cost.reference is not None
    width, cells = 8, 60
    passes = (
        3 + 2
    )  # the last layer's product and both gradients; the first needs none of its inputs
    assert cost.operations > passes * 2 * 8 * width * cells
    assert min(cost.fixed_ms, cost.reference.fixed_ms, cost.reference.processor_faster) > 0
    assert "times as long" in str(cost)
