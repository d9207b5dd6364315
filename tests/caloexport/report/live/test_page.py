"""The page as text: one file that runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from caloexport.report.live.page import live_page
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from tests.every_layer import layer_cases
from tests.networks import decoder

EVIL = "</script><script>alert(1)</script><!--\" onload='x' &amp; ${name}$name"


def evil_decoder() -> Generator:
    good = decoder()
    physics = good.sampling
    assert physics is not None
    names = {"siw": EVIL}
    geometry = physics.conditions[2]
    categories = tuple(names.get(name, name) for name in geometry.categories)
    terms = list(physics.encoding.terms)
    codes = {name: k for k, name in enumerate(categories)}
    terms[2] = replace(terms[2], parameters={"codes": codes, "size": 3})
    sampling = replace(
        physics,
        conditions=(*physics.conditions[:2], Condition("geometry", categories=categories)),
        encoding=replace(physics.encoding, terms=tuple(terms)),
    )
    nodes = [
        replace(n, name=EVIL if n.name == "hidden" else n.name,
                inputs=tuple(EVIL if i == "hidden" else i for i in n.inputs))
        for n in good.network.nodes
    ]  # fmt: skip
    network = type(good.network)(good.network.inputs, nodes, good.network.outputs)
    return Generator.from_network(network, sampling, name=EVIL)


def element(page: str, start: str, end: str) -> str:
    return page[page.index(start) + len(start) :].partition(end)[0]


def data_of(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(element(page, 'id="data">', "</script>"))
    return found


def test_the_policy_names_the_script_and_the_style_and_nothing_else() -> None:
    page = live_page(decoder(), "toy.safetensors", {})
    policy = element(page, 'Content-Security-Policy" content="', '"')
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (
            element(page, '<script type="module">', "</script>"),
            element(page, "<style>", "</style>"),
        )
    ]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(
        r"\beval\(|new Function|innerHTML|\son\w+=|https?://(?!www\.w3\.org)", page
    )


def test_names_of_a_manifest_stay_text() -> None:
    plain, evil = live_page(decoder(), "toy", {}), live_page(evil_decoder(), EVIL, {})
    for tag in ("<script", "</script", "<!--"):
        assert evil.count(tag) == plain.count(tag)
    assert data_of(evil)["conditions"][2]["titles"][2] == EVIL
    assert data_of(evil)["file"] == EVIL
    assert data_of(evil)["decoder"]["nodes"][0]["name"] == EVIL


def test_the_page_is_the_same_for_the_same_decoder() -> None:
    given = {"energy_mev": 5e4, "geometry": "siw"}
    page = live_page(decoder(), "toy", given, 2**64 - 1)
    assert page == live_page(decoder(), "toy", given, 2**64 - 1)
    assert data_of(page)["seed"] == "18446744073709551615"


def test_a_layer_without_script_is_refused() -> None:
    recurrent = dict(layer_cases())["lstm"]
    physics = decoder().sampling
    assert physics is not None
    generator = Generator.from_network(recurrent, name="recurrent")
    generator = Generator(
        replace(generator.manifest, sampling=physics), lambda: recurrent, backend="numpy"
    )
    with pytest.raises(UnsupportedError, match="the layer kind 'lstm'"):
        live_page(generator, "recurrent", {})
