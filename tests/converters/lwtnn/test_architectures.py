"""Every word of LWTNN's vocabulary stands in a file that the real library evaluated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.lwtnn.activation import PARAMETER
from caloexport.converters.lwtnn.activations import WITH_ALPHA, WITHOUT_ALPHA
from caloexport.converters.lwtnn.architectures import architectures, for_kind
from caloexport.converters.lwtnn.read import NODES
from caloexport.converters.lwtnn.vocabulary import minimum_version
from caloexport.converters.targets import targets
from tests.golden.lwtnn.make import networks

GOLDEN = Path(__file__).parents[2] / "golden" / "lwtnn"
#: oldest release by architecture, from the tags of the repository
SINCE = {
    "conv1d": "2.14",
    "dense": "2.8",
    "embedding": "2.8",
    "gru": "2.8",
    "highway": "2.8",
    "lstm": "2.8",
    "maxout": "2.8",
    "normalization": "2.8",
    "simplernn": "2.13",
}


def words(value: Any, keys: tuple[str, ...]) -> set[str]:
    """Return all texts under some keys, or under ``function`` of the objects there."""
    if isinstance(value, list):
        return {word for one in value for word in words(one, keys)}
    if not isinstance(value, dict):
        return set()
    found = {value[key] for key in (*keys, "function") if isinstance(value.get(key), str)}
    return found | {word for one in value.values() for word in words(one, keys)}


def spoken(*keys: str) -> set[str]:
    paths = [path for path in GOLDEN.glob("*.json") if not path.name.endswith(".golden.json")]
    return {word for path in paths for word in words(json.loads(path.read_text()), keys)}


def test_the_library_evaluated_every_architecture() -> None:
    assert set(architectures) == set(SINCE) == spoken("architecture") - set(ACTIVATIONS)


def test_the_library_evaluated_every_node_type() -> None:
    assert set(NODES) | {"sequence"} == spoken("type") - set(ACTIVATIONS)


ACTIVATIONS = sorted({*WITHOUT_ALPHA, *WITH_ALPHA})


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_library_evaluated_every_activation(name: str) -> None:
    assert name in spoken("activation", "inner_activation")


@pytest.mark.parametrize("name", ["valid", "same", "causal"])
def test_the_library_evaluated_every_padding(name: str) -> None:
    assert name in spoken("padding")


@pytest.mark.parametrize("name", SINCE)
def test_releases(name: str) -> None:
    assert architectures[name].since == SINCE[name]


def test_one_architecture_for_a_kind() -> None:
    kinds = [kind for name in architectures for kind in architectures[name].kinds]
    assert len(kinds) == len(set(kinds))
    assert for_kind("activation") is architectures["dense"]
    assert for_kind("multiply") is None
    assert set(PARAMETER) == set(WITH_ALPHA)


VERSIONS = {
    "two_inputs": "2.8",
    "lstm": "2.8",
    "deep_sets": "2.9",  # the node sum
    "simple_rnn": "2.13",
    "conv_valid": "2.14",
    "residual": "2.14",  # the node add
}


@pytest.mark.parametrize("name", VERSIONS)
def test_the_oldest_release_is_that_of_the_newest_word(name: str) -> None:
    assert minimum_version(targets["lwtnn"].prepare(networks()[name])) == VERSIONS[name]
