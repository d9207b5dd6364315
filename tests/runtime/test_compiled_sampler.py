"""Compiled sampling under everything that callers do: odd arguments, other memory, threads."""

from __future__ import annotations

import hashlib
import random
import threading
import warnings
from typing import Any

import numpy as np
import pytest

from caloexport.runtime import compiled_sampler
from caloexport.runtime.errors import CaloexportError
from caloexport.runtime.generator import Generator
from tests.networks import decoder, four_inputs

GIVEN: dict[str, Any] = {"energy_mev": 20_000.0, "theta_rad": 1.5, "geometry": "siw"}


def test_batch_first_and_blocks_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = decoder()
    expected = generator.sample(130, seed=4, first=10, **GIVEN)
    for size in (1, 7, 48, 64):
        parts = [
            generator.sample(min(size, 130 - start), seed=4, first=10 + start, **GIVEN)
            for start in range(0, 130, size)
        ]
        np.testing.assert_array_equal(np.concatenate(parts), expected)
    monkeypatch.setattr(compiled_sampler, "LONGEST", 33)
    np.testing.assert_array_equal(generator.sample(130, seed=4, first=10, **GIVEN), expected)


def test_more_scratch_than_the_stack_has(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = decoder()
    compiled = generator._sampler.compiled
    assert compiled is not None
    expected = generator.sample(1, seed=4, **GIVEN)
    monkeypatch.setattr(compiled_sampler, "ON_STACK", compiled._scratch.address)
    np.testing.assert_array_equal(generator.sample(1, seed=4, **GIVEN), expected)


def test_several_inputs() -> None:
    np.testing.assert_array_equal(four_inputs().sample(9, **GIVEN), decoder().sample(9, **GIVEN))


@pytest.mark.parametrize(
    "change",
    [
        {"energy_mev": 20_000},
        {"energy_mev": np.float64(20_000.0)},
        {"energy_mev": np.float32(20_000.0)},
        {"energy_mev": np.int64(20_000)},
        {"energy_mev": np.array(20_000.0)},
        {"energy_mev": np.array([20_000.0])},
        {"energy_mev": [20_000.0]},
        {"geometry": np.str_("siw")},
        {"geometry": np.array(["siw"])},
        {"seed": np.uint64(0)},
        {"seed": False},
        {"first": np.int32(0)},
    ],
)
def test_other_types_of_the_same_values(change: dict[str, Any]) -> None:
    generator = decoder()
    expected = generator.sample(3, seed=0, first=0, **GIVEN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(generator.sample(3, **{**GIVEN, **change}), expected)


def test_a_condition_with_a_single_value_may_be_left_out() -> None:
    plain = decoder()
    physics = plain.manifest.to_json()["sampling"]
    assert [one["name"] for one in physics["conditions"]] == ["energy_mev", "theta_rad", "geometry"]
    from dataclasses import replace

    from caloexport.runtime.conditions import Condition

    sampling = plain.sampling
    assert sampling is not None
    only = (sampling.conditions[0], Condition("theta_rad", 1.5, 1.5), sampling.conditions[2])
    generator = Generator.from_network(plain.network, replace(sampling, conditions=only))
    compiled = generator._sampler.compiled
    assert compiled is not None
    out = np.empty((1, 3, 4, 5), dtype=np.float32)
    short = {"energy_mev": 20_000.0, "geometry": "siw"}
    assert compiled.sample_into(out, 0, 0, "error", short)
    np.testing.assert_array_equal(out, plain.sample(1, **GIVEN))
    assert not compiled.sample_into(out, 0, 0, "error", {**short, "thet_rad": 1.5})
    assert not compiled.sample_into(out, 0, 0, "error", {"energy_mev": 1.0, "thet_rad": 1.5})


def odd_values() -> list[Any]:
    """Return what a confused caller may pass for anything."""
    return [
        None, True, "", "siw", "error", b"siw", -1, 0, 1, 2**31, 2**62, 2**63 - 1, 2**63, 2**64,
        2**64 - 1, 10**400, -(10**400), 0.0, -0.0, 1.5, 20_000.0, 64_000.04, 1e308, -1e308, 5e-324,
        float("nan"), float("inf"), float("-inf"), 1j, [], [1.0], [[1.0]], {}, (), object(), int,
        np.float32(3.0), np.float64("nan"), np.int8(-1), np.uint64(2**64 - 1), np.array(1500.0),
        np.array([1500.0]), np.array([1500.0, 2500.0]), np.array([]), np.array(["siw", "pbwo4"]),
        np.array([None]), np.zeros((2, 3, 4, 5), "f4"), np.datetime64("2020"), np.str_("siw"),
    ]  # fmt: skip


def odd_outputs() -> list[Any]:
    """Return arrays and others to write into; a guard region around the right one."""
    read_only = np.zeros((2, 3, 4, 5), dtype=np.float32)
    read_only.flags.writeable = False
    room = bytearray(2 * 240 + 64)
    return [
        np.zeros((1, 3, 4, 5), "f4"), np.zeros((2, 3, 4, 5), "f4"), np.zeros((0, 3, 4, 5), "f4"),
        np.zeros((50, 3, 4, 5), "f4"), np.zeros((2, 3, 4, 5)), np.zeros((2, 60), "f4"),
        np.zeros((2, 3, 5, 4), "f4"), np.zeros((3, 4, 5), "f4"), np.zeros((), "f4"),
        np.zeros((2, 3, 4, 5), "f4", order="F"), np.zeros((4, 3, 4, 5), "f4")[::2], read_only,
        np.zeros((2, 3, 4, 5), ">f4"), np.zeros((2, 3, 4, 5), "i4"), None, 0, "out", room,
        memoryview(room), np.ndarray((2, 3, 4, 5), "f4", room, offset=1), np.matrix([[0.0]]),
        np.zeros((2, 3, 4, 5, 1), "f4"), np.zeros((2, 3, 4, 5), [("a", "f4")]),
    ]  # fmt: skip


def outcome(generator: Generator, out: Any, asked: dict[str, Any]) -> tuple[Any, ...]:
    """Sample, and return the error's class and message, or the showers."""
    try:
        generator.sample_into(out, **asked)
    except CaloexportError as error:
        return type(error), str(error)
    return "sampled", hashlib.sha256(out.tobytes()).hexdigest()


def test_odd_calls_end_in_a_clear_error_or_in_showers() -> None:
    compiled = decoder()
    general = decoder()
    assert general._sampler.compiled is not None
    general._sampler.compiled.sample_into = lambda *_: False  # type: ignore[method-assign]
    chosen = random.Random(17)
    ends = {"sampled": 0, "refused": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numpy about the oddest conversions
        for _ in range(10_000):
            out = chosen.choice(odd_outputs()[:4] if chosen.random() < 0.7 else odd_outputs())
            asked = dict(GIVEN)
            for name in chosen.sample(
                ["energy_mev", "theta_rad", "geometry", "seed", "first", "out_of_range", "oddity"],
                chosen.choice([0, 1, 1, 1, 2, 3]),
            ):
                asked[name] = chosen.choice(odd_values())
            if chosen.random() < 0.05:
                del asked[chosen.choice(list(asked))]
            before = outcome(compiled, out, asked)
            assert before == outcome(general, out, asked), (out, asked)
            ends["sampled" if before[0] == "sampled" else "refused"] += 1
    assert min(ends.values()) > 1000, ends


def test_nothing_is_written_around_the_output() -> None:
    generator = decoder()
    room = np.full((9, 3, 4, 5), -7, dtype=np.float32)
    for n in (0, 1, 5):
        generator.sample_into(room[2 : 2 + n], **GIVEN)
        assert (room[:2] == -7).all()
        assert (room[2 + n :] == -7).all()


def work(generator: Generator, seed: int, calls: int, digests: dict[int, str]) -> None:
    """Sample in every way, alone and in batches, and keep a hash of all the bits."""
    digest = hashlib.sha256()
    out = np.empty((1, 3, 4, 5), dtype=np.float32)
    energies = np.linspace(1_000.0, 64_000.0, 7)
    for call in range(calls):
        generator.sample_into(out, seed=seed, first=call, **GIVEN)
        digest.update(out)
        if call % 10 == 0:
            digest.update(generator.sample(50, seed=seed, first=call, **GIVEN))
            digest.update(generator.sample(7, seed=seed, **{**GIVEN, "energy_mev": energies}))
            digest.update(generator.sample_cells(7, seed=seed, first=call, **GIVEN).energies)
    digests[seed] = digest.hexdigest()


@pytest.mark.parametrize(
    ("threads", "calls"), [(8, 50), pytest.param(64, 400, marks=pytest.mark.slow)]
)
def test_threads_share_one_generator(threads: int, calls: int) -> None:
    generator, together, alone = decoder(), {}, {}  # type: ignore[var-annotated]
    running = [
        threading.Thread(target=work, args=(generator, seed, calls, together))
        for seed in range(threads)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    for seed in range(threads):
        work(generator, seed, calls, alone)
    assert together == alone
    assert len(set(alone.values())) == threads
