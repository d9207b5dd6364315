"""All rewrites of ``simplify``, alone and together: the same outputs before and after."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from caloexport.converters.rewrites.drop_identities import drop_identities
from caloexport.converters.rewrites.fold_backward import fold_normalizations_backward
from caloexport.converters.rewrites.fold_forward import fold_normalizations_forward
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.converters.rewrites.simplify import simplify
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate_all
from caloexport.runtime.tolerance import compare
from tests.converters.rewrites.random_networks import networks

REWRITES: list[Callable[[Network], Network]] = [
    drop_identities, merge_normalizations, fold_normalizations_backward,
    fold_normalizations_forward, simplify,
]  # fmt: skip


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
@given(network=networks(exact=True))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_exact_where_the_weights_are(
    rewrite: Callable[[Network], Network], network: Network
) -> None:
    """With weights that need no rounding, the float64 row of the table holds."""
    assert_same(network, rewrite(network), "float64")


@given(network=networks(exact=False))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_rounding_of_the_new_weights_stays_within_float32(network: Network) -> None:
    """Each new weight is rounded once, by 2^-24 of itself; the float32 row covers that."""
    assert_same(network, simplify(network), "float32")


@given(network=networks(exact=False))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_twice_is_once(network: Network) -> None:
    once = simplify(network)
    assert [node.name for node in simplify(once).nodes] == [node.name for node in once.nodes]


@given(network=networks(exact=False))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_what_is_left(network: Network) -> None:
    """No identities, and no normalization whose only neighbour could have taken it."""
    left = simplify(network)
    for node in left.nodes:
        assert node.kind != "dropout"
        assert node.attributes.get("function") != "linear"
        if node.kind == "normalization" and node.name not in left.outputs:
            readers = left.consumers(node.name)
            assert not readers or any(reader.kind != "dense" for reader in readers)


def assert_same(before: Network, after: Network, row: str) -> None:
    x = np.random.default_rng(0).normal(size=(4, *before.inputs["x"]))
    expected, found = evaluate_all(before, {"x": x}), evaluate_all(after, {"x": x})
    assert len(after.outputs) == len(before.outputs)
    for old, new in zip(before.outputs, after.outputs, strict=True):
        difference = compare(found[new], expected[old], row)
        assert difference.equal, difference
