"""The live page in a real browser: it draws what the numpy reference draws."""

from __future__ import annotations

import base64
import itertools
import math
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.report.html.bundle import bundle
from caloexport.report.live.description import describe_network
from caloexport.report.live.evaluator import DECODER, known_kinds
from caloexport.report.live.page import live_page
from caloexport.report.live.weights import WeightBytes
from caloexport.runtime.arrays import Array
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.browser import browser, open_page
from tests.caloexport.report.live.generators import rings, rounded, windows
from tests.caloexport.report.live.test_page import EVIL, evil_decoder
from tests.every_layer import activation_cases, inputs_of, layer_cases

pytestmark = pytest.mark.system

ROWS = 4
#: seed, number of the shower; the last ones need more than 32 bits
DRAWS = [(0, 0), (7, 3), (2**64 - 1, 2**33 + 5)]
LAWS = [NoiseLaw(50), NoiseLaw(7, "uniform", -1.0, 1.0), NoiseLaw(13, "normal", 0.5, 0.5)]
#: part of the incident energy that a cell may differ from the reference
ALLOWED = 1e-4


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def evaluator(started: Any) -> Any:
    """An empty page with the evaluator."""
    page = started.new_page()
    page.evaluate(
        f"() => {{ {bundle(DECODER)}; Object.assign(globalThis, {{ Decoder, latentsOf }}); }}"
    )
    return page


def split(network: Network, x: Array) -> dict[str, Array]:
    sizes = np.cumsum([math.prod(shape) for shape in network.inputs.values()])[:-1]
    parts = np.split(x, sizes, axis=1)
    return {
        name: part.reshape(len(x), *shape)
        for (name, shape), part in zip(network.inputs.items(), parts, strict=True)
    }


def test_every_layer_kind_and_activation_is_that_of_the_reference(evaluator: Any) -> None:
    cases = [
        (name, network)
        for name, network in [*layer_cases(), *activation_cases()]
        if all(node.kind in known_kinds() for node in network.nodes)
    ]
    assert len(cases) > 100
    inputs = [inputs_of(network, ROWS) for _, network in cases]
    given = []
    for (_, network), x in zip(cases, inputs, strict=True):
        weights = WeightBytes(network, "float32")
        content = base64.b64encode(weights.content).decode()
        given.append([describe_network(network, "float32", weights), content, x.tolist()])
    found = evaluator.evaluate(
        """(given) => given.map(([description, weights, rows]) => {
          const decoder = new Decoder(description, weights);
          return rows.map((row) => Array.from(decoder.evaluate(Float32Array.from(row))));
        })""",
        given,
    )
    for (name, network), x, outputs in zip(cases, inputs, found, strict=True):
        expected = evaluate(network, split(network, x), np.float32).reshape(ROWS, -1)
        difference = compare(np.array(outputs, dtype=np.float32), expected, "float32")
        assert difference.equal, f"{name}: {difference}"


@pytest.mark.parametrize("law", LAWS)
def test_latents_are_the_same_bits(evaluator: Any, law: NoiseLaw) -> None:
    expected = [law.draw(1, seed, number)[0].view(np.uint32).tolist() for seed, number in DRAWS]
    found = evaluator.evaluate(
        """([law, draws]) => draws.map(([seed, number]) =>
          Array.from(new Uint32Array(latentsOf(law, BigInt(seed), number).buffer)))""",
        [
            {"size": law.size, "law": law.law, "a": law.a, "b": law.b},
            [[str(seed), number] for seed, number in DRAWS],
        ],
    )
    assert found == expected


def opened(started: Any, generator: Generator, folder: Path) -> Any:
    path = folder / "page.html"
    path.write_text(live_page(generator, "model.safetensors", {}), encoding="utf-8")
    page = open_page(started, path)
    page.page.wait_for_selector("#mean .figure:not(:empty)")
    return page


def corners(generator: Generator) -> list[dict[str, Any]]:
    """Return conditions over the range: all ends together, the middle, and each category."""
    assert generator.sampling is not None
    conditions = generator.sampling.conditions
    chosen = []
    for place in (0.0, 0.37, 1.0):
        values: dict[str, Any] = {}
        for one in conditions:
            if one.categories:
                values[one.name] = one.categories[round(place * (len(one.categories) - 1))]
            else:
                assert one.low is not None and one.high is not None
                values[one.name] = one.low + place * (one.high - one.low)
        chosen.append(values)
    return chosen


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "bfloat16-a16", "int8", "int8-a8"])
def test_showers_of_every_precision(started: Any, tmp_path: Path, precision: str) -> None:
    check_showers(started, rounded(precision), tmp_path)


@pytest.mark.parametrize("generator", [rings(), windows()], ids=["rings", "windows"])
def test_showers_of_every_mesh(started: Any, tmp_path: Path, generator: Generator) -> None:
    check_showers(started, generator, tmp_path)


def check_showers(started: Any, generator: Generator, folder: Path) -> None:
    sampling = generator.sampling
    assert sampling is not None
    page = opened(started, generator, folder)
    for seed, number in DRAWS:
        for conditions in corners(generator):
            values = [
                one.categories.index(conditions[one.name])
                if one.categories
                else conditions[one.name]
                for one in sampling.conditions
            ]
            found = page.page.evaluate(
                """([seed, number, values]) =>
                  Array.from(window.live.decoder.shower(BigInt(seed), number, values))""",
                [str(seed), number, values],
            )
            expected = generator.using("numpy").sample(1, seed=seed, first=number, **conditions)
            assert expected.any()
            differences = np.abs(np.array(found) - expected.reshape(-1))
            assert differences.max() <= ALLOWED * conditions["energy_mev"]
    assert page.complaints == []
    assert page.requests == []
    page.page.close()


FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def shown(page: Any) -> tuple[str, ...]:
    """Return what the reader sees of a shower, once it is drawn."""
    page.evaluate(FRAMES)
    pixels = page.evaluate("() => document.getElementById('shower').toDataURL()")
    profile = page.locator("#profiles .steps").first.get_attribute("d")
    return page.inner_text("#total"), pixels, profile


def test_sliders_buttons_and_fields_change_the_shower(started: Any, tmp_path: Path) -> None:
    opening = opened(started, rounded("bfloat16"), tmp_path)
    page = opening.page
    energy, angle = (
        page.get_by_role("slider", name="Energy"),
        page.get_by_role("slider", name="Polar angle"),
    )
    seen = [shown(page)]
    for act in (
        lambda: energy.press("End"),
        lambda: angle.press("Home"),
        lambda: page.get_by_label("Geometry").select_option(label="SiW"),
        lambda: page.get_by_role("button", name="New shower").click(),
        lambda: fill(page.get_by_label("Seed"), "8"),
        lambda: fill(page.get_by_role("textbox", name="Shower"), "12"),
    ):
        act()
        seen.append(shown(page))
    for before, after in itertools.pairwise(seen):
        assert all(a != b for a, b in zip(before, after, strict=True))
    assert page.inner_text("#command") == (
        "caloexport sample model.safetensors -n 13 --energy 64GeV --theta 60deg --geometry siw --seed 8"
    )
    assert "64" in page.get_by_label("Energy", exact=True).first.input_value()
    assert page.locator("#outside").is_hidden()
    outside_the_range(page)
    nonsense_is_refused(page)
    assert opening.complaints == []
    page.close()


def outside_the_range(page: Any) -> None:
    field = page.get_by_role("textbox", name="Energy")
    fill(field, "100")
    shown(page)
    assert page.locator("#outside").is_visible()
    assert "outside the trained range, 1 to 64 GeV" in page.inner_text("#conditions")
    assert "--energy 100GeV" in page.inner_text("#command")
    assert "--out-of-range extrapolate" in page.inner_text("#command")
    fill(field, "50")
    shown(page)
    assert page.locator("#outside").is_hidden()


def nonsense_is_refused(page: Any) -> None:
    before = shown(page)[:2]  # the profile's scale follows others, which are still being drawn
    for name, text in (("Energy", "-5"), ("Energy", "many"), ("Seed", "-1"), ("Shower", "1.5")):
        field = page.get_by_role("textbox", name=name)
        fill(field, text)
        assert field.get_attribute("aria-invalid") == "true"
    assert shown(page)[:2] == before


def fill(field: Any, text: str) -> None:
    field.fill(text)
    field.press("Enter")


def test_names_of_a_manifest_run_nothing(started: Any, tmp_path: Path) -> None:
    opening = opened(started, evil_decoder(), tmp_path)
    assert opening.page.inner_text("h1") == " ".join(EVIL.split())
    opening.page.get_by_label("Geometry").select_option(index=2)
    shown(opening.page)
    # whoever copies the command into a shell passes the name as one word
    assert EVIL in shlex.split(opening.page.locator("#command").text_content())
    assert opening.complaints == []
    assert opening.requests == []
