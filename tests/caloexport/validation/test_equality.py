"""Showers of a model against the reference evaluation of the same latents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.precisions import rounded_network
from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.backends.numpy import NumpyExecutor
from caloexport.runtime.generator import Generator
from caloexport.runtime.packing import pack
from caloexport.sampling import SampledShowers, sampled_showers
from caloexport.showers import from_arrays
from caloexport.validation.checks import FAIL, NOT_APPLICABLE, PASS, Compared, Finding, checks
from caloexport.validation.equality import COMPARED, chosen_showers, equality
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import judge
from tests.networks import decoder
from tests.networks_large import large_decoder

THRESHOLD = load_profile()["CX002"].threshold


class Wrong(NumpyExecutor):
    """The reference, with one output in a thousand energies too large."""

    def run(self, x: Array) -> Array:
        outputs = super().run(x)
        outputs[:, 17] += 1e-3
        return outputs


class WrongBackend(Backend):
    """Executes networks nearly right."""

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        return Wrong(generator)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        raise NotImplementedError


def conditions(n: int = 200) -> dict[str, Any]:
    return {
        "energy_mev": np.geomspace(1_000.0, 64_000.0, n),
        "theta_rad": np.linspace(np.pi / 3, np.pi / 2, n)[::-1],
        "geometry": np.array(["siw", "scipb"])[np.arange(n) % 2],
    }


def made_by(generator: Generator, n: int = 200) -> SampledShowers:
    return sampled_showers(generator, conditions(n), n, seed=3)


def finding(generator: Generator) -> Finding:
    found = equality(made_by(generator))
    assert found is not None
    assert found.showers == COMPARED
    return checks["CX002"].find(Compared([], 0, equality=found), THRESHOLD)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_every_backend_gives_the_reference(backend: str) -> None:
    found = finding(decoder().using(backend))
    assert found.status == PASS
    assert found.limit == pytest.approx(THRESHOLD, rel=0.01)
    assert found.value is not None
    assert 0 < found.value < 0.05 * THRESHOLD
    assert "GeV" in found.where


def test_a_backend_that_is_wrong_fails_this_check_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    backends.names()  # all are loaded
    monkeypatch.setitem(backends._entries, "wrong", WrongBackend())
    usual = made_by(decoder())
    verdict = judge(usual, made_by(decoder().using("wrong")), load_profile())
    failed = [code for code, found in verdict.findings.items() if found.status == FAIL]
    assert failed == ["CX002"]
    assert not verdict.passed
    [told] = [one for one in verdict.to_json()["checks"] if one["code"] == "CX002"]
    assert told["value"] == pytest.approx(1e-3, rel=1e-3)
    assert told["where"].startswith("cell (r=0, phi=3, z=2) at ")
    assert verdict.reason is None


def test_weights_that_came_out_wrong_in_the_compiled_layout_fail() -> None:
    """One kernel of the packed file is a hundredth too large; the network is as it was."""
    right = large_decoder()
    wrong = [
        node.with_weights(kernel=node.weights["kernel"] * np.float32(1.01))
        if node.name == "cells"
        else node
        for node in right.network.nodes
    ]
    spoilt = Generator.from_network(
        type(right.network)(right.network.inputs, wrong, right.network.outputs), right.sampling
    )
    mixed = Generator(right.manifest, lambda: right.network, lambda: pack(spoilt.network))
    assert finding(mixed).status == FAIL
    assert finding(right).status == PASS


@pytest.mark.parametrize("precision", ["bfloat16", "bfloat16-a16", "int8", "int8-a8"])
def test_a_reduced_precision_is_held_against_its_own_arithmetic(precision: str) -> None:
    exact = large_decoder()
    stored = Generator.from_network(
        rounded_network(exact.network, precision),
        exact.sampling,
        precision=precision,
        arithmetic=precision,
    )
    found = finding(stored)
    assert found.status == PASS
    assert found.limit is not None
    assert found.limit >= THRESHOLD
    assert (found.limit == THRESHOLD) == (precision == "bfloat16")
    # what rounding does is far more than this check allows: it is for physics to judge
    given = {name: values[:8] for name, values in conditions().items()}
    shift = np.abs(exact.sample(8, **given) - stored.sample(8, **given)).max()
    assert found.value is not None
    assert shift / given["energy_mev"].max() > 3 * found.value


def test_showers_of_a_file_have_no_latents() -> None:
    made = made_by(decoder(), 8)
    stored = from_arrays(made.read(), made.mesh, made.conditions)
    assert equality(stored) is None
    found = checks["CX002"].find(Compared([], 0), THRESHOLD)
    assert found == Finding(NOT_APPLICABLE, where="showers of a file: no latents")


def test_a_cell_that_is_a_number_in_one_of_them_only_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Wrong):
        def run(self, x: Array) -> Array:
            return np.where(np.arange(60) == 5, np.nan, super().run(x)).astype(np.float32)

    backends.names()
    monkeypatch.setitem(backends._entries, "broken", WrongBackend())
    monkeypatch.setattr(
        WrongBackend, "prepare", lambda self, generator, *, threads=1: Broken(generator)
    )
    verdict = judge(made_by(decoder()), made_by(decoder().using("broken")), load_profile())
    found = verdict.findings["CX002"]
    assert (found.status, found.value) == (FAIL, None)
    assert found.where.endswith("which is no number")
    assert verdict.findings["NU001"].status == FAIL


def test_a_network_that_gives_no_number_itself_is_not_the_backends_fault() -> None:
    right = decoder()
    nodes = [
        node.with_weights(bias=np.full(60, np.nan, "f4")) if node.name == "cells" else node
        for node in right.network.nodes
    ]
    network = type(right.network)(right.network.inputs, nodes, right.network.outputs)
    found = equality(made_by(Generator.from_network(network, right.sampling).using("numpy"), 40))
    assert found is not None
    assert found.largest == 0


def test_the_ends_of_every_condition_are_among_the_chosen() -> None:
    given = conditions(500)
    chosen = chosen_showers(given)
    assert len(chosen) == len(set(chosen)) == COMPARED
    for name, values in given.items():
        ends = np.unique(values)[[0, -1]]
        assert set(values[chosen]) >= set(ends), name
    middle = np.log(given["energy_mev"][chosen])
    assert np.diff(np.sort(middle)).max() < 2.5 * np.log(64) / COMPARED


def test_few_showers_are_all_compared_but_those_without_energy() -> None:
    assert chosen_showers({"energy_mev": np.array([5.0, 0.0, 1.0])}).tolist() == [0, 2]
    assert len(chosen_showers({"energy_mev": np.full(100, 1e3)})) == COMPARED
