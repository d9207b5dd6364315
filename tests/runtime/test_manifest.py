from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import (
    Manifest,
    manifest_from_text,
    network_from_json,
    network_to_json,
    weightless_network,
)
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap
from tests.networks import ENERGY, decoder, four_inputs, sampling

MANIFEST = replace(decoder().manifest, provenance={"licence": "CC0", "created": "today"})
NO_FILE = "m.json"


def reread(manifest: Manifest) -> Manifest:
    return manifest_from_text(manifest.dumps(), NO_FILE)


@pytest.mark.parametrize(
    "manifest",
    [
        MANIFEST,
        four_inputs().manifest,
        replace(MANIFEST, sampling=None),
        replace(
            MANIFEST,
            sampling=replace(
                sampling(LayeredMesh((MeshLayer(3, (0.0, 0.1, 1 / 3), 2),)), (ENERGY,)),
                noise=NoiseLaw(7, "uniform", -1.0, 1.0),
                output=OutputMap("layer_fractions", {"total_scale": 6.0}, 0.5),
            ),
        ),
    ],
)
def test_json_round_trip(manifest: Manifest) -> None:
    again = reread(manifest)
    assert again == manifest
    assert again.hash == manifest.hash
    assert again.dumps() == manifest.dumps()


def test_hash_ignores_when_but_not_what() -> None:
    later = replace(MANIFEST, provenance={"licence": "CC0", "created": "tomorrow"})
    without = replace(MANIFEST, provenance={"licence": "CC0"})
    assert later.hash == MANIFEST.hash == without.hash
    physics = MANIFEST.sampling
    assert physics is not None
    others = [
        replace(MANIFEST, name="other"),
        replace(MANIFEST, weights_sha256="0"),
        replace(MANIFEST, provenance={"licence": "MIT"}),
        replace(MANIFEST, sampling=None),
        replace(MANIFEST, sampling=replace(physics, noise=NoiseLaw(10, "normal", 0.5, 0.5))),
    ]
    assert len({MANIFEST.hash, *(other.hash for other in others)}) == len(others) + 1


def test_network_round_trip() -> None:
    network = decoder().network
    weights = {(n.name, key): w for n in network.nodes for key, w in n.weights.items()}
    data = json.loads(json.dumps(network_to_json(network)))
    again = network_from_json(data, weights, NO_FILE)
    assert network_to_json(again) == network_to_json(network)
    shapes = weightless_network(data, NO_FILE)
    assert shapes.shapes == network.shapes
    assert shapes.parameters == network.parameters


@pytest.mark.parametrize("value", [math.nan, np.float32(1.0), {1, 2}])
def test_what_json_cannot_say_is_refused_when_writing(value: Any) -> None:
    with pytest.raises(UsageError, match="manifest 'toy' holds what JSON cannot say"):
        replace(MANIFEST, provenance={"x": value}).dumps()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "its manifest is not JSON"),
        ("{", "its manifest is not JSON"),
        ("[" * 100_000, "its manifest is not JSON"),
        ('{"schema": NaN}', "NaN is not a JSON number"),
        ('{"schema": ' + "9" * 5000 + "}", "its manifest is not JSON"),
        ("[]", "has the schema 'list', expected 'caloexport.manifest/1'"),
        ("{}", "has the schema None"),
        ('{"schema": "caloexport.manifest/2"}', "written by another version of caloexport"),
    ],
)
def test_what_is_no_manifest(content: str, message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        manifest_from_text(content, NO_FILE)


def test_every_missing_field_is_named() -> None:
    whole = json.loads(MANIFEST.dumps())
    for field in set(whole) - {"schema", "sampling"}:
        broken = {key: value for key, value in whole.items() if key != field}
        with pytest.raises(InputFileError, match=f"field '{field}' is missing"):
            manifest_from_text(json.dumps(broken), NO_FILE)
    for field in whole["sampling"]:
        inner = {key: value for key, value in whole["sampling"].items() if key != field}
        with pytest.raises(InputFileError, match=f"field '{field}' is missing"):
            manifest_from_text(json.dumps({**whole, "sampling": inner}), NO_FILE)


#: path into the manifest, what is put there, and what the error says
HOSTILE: list[tuple[str, Any, str]] = [
    ("name", 5, "'name' is 5, expected a string"),
    ("name", "\x1b[2J", "expected printable text"),
    ("network", [], "'network' is .*, expected an object"),
    ("provenance", None, "'provenance' is None"),
    ("precision", 32, "'precision' is 32"),
    ("sampling", "yes", "expected an object that holds"),
    ("sampling.noise.law", "cauchy", "noise law 'cauchy' is not known"),
    ("sampling.noise.size", 2**62, "of size 4611686018427387904"),
    ("sampling.mesh.kind", "sphere", "unknown mesh kind"),
    ("sampling.mesh.n_z", 2**62, "cells, at most 16,777,216"),
    ("sampling.output.kind", "magic", "unknown output map 'magic'"),
    ("sampling.output.kind", "absolute", "'absolute' has the parameters unit_mev; found none"),
    ("sampling.output.parameters", {"a": 1}, "found a"),
    ("sampling.output.threshold_mev", -1, "threshold_mev is -1"),
    ("sampling.output.threshold_mev", None, "'threshold_mev' is None, expected a number"),
    ("sampling.conditions", {}, "'conditions' is {}, expected a list"),
    ("sampling.conditions", [], "needs the number 'energy_mev'"),
    ("sampling.conditions.0", 7, "expected an object that holds 'name'"),
    ("sampling.conditions.1.name", "energy_mev", "condition 'energy_mev' is declared twice"),
    ("sampling.conditions.0.name", "energy", "needs the number 'energy_mev'"),
    ("sampling.conditions.1.name", "phi_rad", "reads 'theta_rad', which is not a condition"),
    ("sampling.conditions.0.low", 1e9, "has the range 1e\\+09 to 64000"),
    ("sampling.conditions.0.low", None, "needs both ends"),
    ("sampling.conditions.0.low", 10**400, "expected a finite number"),
    ("sampling.conditions.0.low", "1", "'low' is '1', expected a number"),
    ("sampling.conditions.2.categories", [], "condition 'geometry' has no categories"),
    ("sampling.conditions.2.categories", ["siw", "siw"], "has a category twice"),
    ("sampling.conditions.2.categories", ["siw", 5], "expected printable text"),
    ("sampling.conditions.2.categories", ["lar"], "category 'lar' has no code"),
    ("sampling.encoding.0.kind", "cubic", "unknown encoding 'cubic'"),
    ("sampling.encoding.0.parameters", {}, "'linear' has the parameters offset, scale"),
    ("sampling.encoding.0.parameters.scale", 0, "a scale other than 0"),
    ("sampling.encoding.0.parameters.scale", [1], "expected a finite number"),
    ("sampling.encoding.0.condition", "geometry", "needs a number"),
    ("sampling.encoding.2.parameters.size", 10**12, "a 'size' of 1 to 1024"),
    ("sampling.encoding.2.parameters.codes", {"siw": -1}, "the code of 'siw' is -1"),
    ("sampling.encoding.2.parameters.codes", 3, "needs 'codes'"),
]


def damaged(path: str, value: Any, manifest: Manifest = MANIFEST) -> str:
    """Return the manifest as JSON with one field replaced."""
    data = json.loads(manifest.dumps())
    *way, last = path.split(".")
    inner: Any = data
    for step in way:
        inner = inner[int(step) if isinstance(inner, list) else step]
    inner[int(last) if isinstance(inner, list) else last] = value
    return json.dumps(data)


@pytest.mark.parametrize(("path", "value", "message"), HOSTILE)
def test_hostile_manifests_are_bad_files(path: str, value: Any, message: str) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        manifest_from_text(damaged(path, value), NO_FILE)
    assert caught.value.where == NO_FILE


#: the same for the graph, which is read when the weights are
HOSTILE_GRAPHS: list[tuple[str, Any, str]] = [
    ("network.nodes", None, "'nodes' is None, expected a list"),
    ("network.nodes", [], "output 'fractions' is not a layer"),
    ("network.nodes.0", "dense", "expected an object that holds"),
    ("network.nodes.0.kind", "convolution", "'hidden' is of the unknown kind 'convolution'"),
    ("network.nodes.0.kind", {}, "'kind' is {}, expected a string"),
    ("network.nodes.0.inputs", ["y"], "'hidden' reads 'y', which nothing before it makes"),
    ("network.nodes.0.inputs", "x", "'inputs' is 'x', expected a list"),
    ("network.nodes.0.inputs", [["x"]], "expected printable text"),
    ("network.nodes.0.weights", [], "'weights' is .*, expected an object"),
    ("network.nodes.0.weights.kernel", 7, "'kernel' is 7, expected a list"),
    ("network.nodes.0.weights.kernel", [15, -8], "expected positive whole numbers"),
    ("network.nodes.0.weights.kernel", [15, 8.5], "expected positive whole numbers"),
    ("network.nodes.0.weights.kernel", [2**40, 2**40], "content is damaged"),
    ("network.nodes.0.weights.kernel", [1] * 200, "content is damaged"),
    ("network.nodes.0.weights.mask", [1], "has no use for 'mask'"),
    ("network.nodes.0.attributes", {"use_bias": False}, "has no use for 'use_bias'"),
    ("network.nodes.1.attributes.function", "magic", "'leaky' has the unknown activation 'magic'"),
    ("network.nodes.1.attributes.function", {}, "unknown activation"),
    ("network.nodes.1.attributes.negative_slope", "0.3", "'negative_slope' a number"),
    ("network.nodes.1.name", "hidden", "two layers are named 'hidden'"),
    ("network.nodes.1.name", "a\nb", "expected printable text"),
    ("network.inputs", [], "needs inputs, each with a name of its own"),
    ("network.inputs", {}, "expected a list"),
    ("network.inputs.0.shape", [2**50], "expected 15 inputs|one shower takes"),
    ("network.inputs.0.shape", [], "expected positive whole numbers"),
    ("network.outputs", [], "the network has no output"),
    ("network.outputs", [3], "expected printable text"),
    ("network.outputs", ["nowhere"], "output 'nowhere' is not a layer"),
]


@pytest.mark.parametrize(("path", "value", "message"), HOSTILE_GRAPHS)
def test_hostile_graphs_are_bad_files(path: str, value: Any, message: str) -> None:
    manifest = manifest_from_text(damaged(path, value), NO_FILE)
    with pytest.raises(InputFileError, match=message) as caught:
        weightless_network(manifest.network, NO_FILE)
    assert caught.value.where == NO_FILE


def test_two_inputs_of_one_name_are_refused() -> None:
    one = {"name": "x", "shape": [15]}
    manifest = manifest_from_text(damaged("network.inputs", [one, one]), NO_FILE)
    with pytest.raises(InputFileError, match="each with a name of its own"):
        weightless_network(manifest.network, NO_FILE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"noise": NoiseLaw(9)},
            "the network has 15 inputs, but 9 latents and 5 encoded conditions make 14",
        ),
        (
            {"output": OutputMap("layer_fractions", {"total_scale": 1.0})},
            "has 60 outputs, but 'layer_fractions' on a mesh of 3 x 4 x 5 cells reads 66",
        ),
    ],
)
def test_sampling_and_network_must_fit(change: dict[str, Any], message: str) -> None:
    generator = decoder()
    assert generator.sampling is not None
    with pytest.raises(UsageError, match=message):
        Generator.from_network(generator.network, replace(generator.sampling, **change))


def test_sampling_is_checked_when_it_is_made() -> None:
    physics = MANIFEST.sampling
    assert physics is not None
    term = Term("linear", "phi_rad", {"offset": 0.0, "scale": 1.0})
    with pytest.raises(UsageError, match="the encoding reads 'phi_rad'"):
        replace(physics, encoding=replace(physics.encoding, terms=(term,)))
