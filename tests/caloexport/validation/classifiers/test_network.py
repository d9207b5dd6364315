"""The classifier network against a slow one in numpy, and what a training of it does."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.arrays import Float64, Integers
from caloexport.validation.classifiers.inputs import inputs_of
from caloexport.validation.classifiers.network import (
    Network,
    Scores,
    Settings,
    steps,
    train,
)
from caloexport.validation.classifiers.pairing import Pairing, pairing

Parts = tuple[Integers, Integers, Integers]
SMALL = Settings(width=8, batch=50, epochs=6, rate=3e-3)


class Slow:
    """The same network in numpy, with the same first weights."""

    def __init__(self, inputs: int, seed: int, settings: Settings) -> None:
        random = np.random.default_rng(seed)
        sizes = [inputs, *[settings.width] * settings.depth, 1]
        self.weights: list[Float64] = []
        for a, b in itertools.pairwise(sizes):
            self.weights += [random.uniform(-(a**-0.5), a**-0.5, shape) for shape in ((a, b), (b,))]
        self.first = [np.zeros_like(one) for one in self.weights]
        self.second = [np.zeros_like(one) for one in self.weights]
        self.settings, self.count = settings, 0

    def infer(self, x: Float64) -> Float64:
        return 1 / (1 + np.exp(-self.layers(x)[-1][:, 0]))

    def layers(self, x: Float64) -> list[Float64]:
        """Return what each dense layer gives, with what enters the first before them."""
        found = [x]
        for i in range(0, len(self.weights), 2):
            x = found[-1] if i == 0 else np.where(found[-1] > 0, found[-1], 0.01 * found[-1])
            found.append(x @ self.weights[i] + self.weights[i + 1])
        return found

    def step(self, x: Float64, labels: Float64) -> None:
        found = self.layers(x)
        slope = ((1 / (1 + np.exp(-found[-1][:, 0])) - labels) / len(labels))[:, None]
        gradients: list[Float64] = []
        for i in range(len(self.weights) - 2, -1, -2):
            before = found[i // 2]
            entered = before if i == 0 else np.where(before > 0, before, 0.01 * before)
            gradients = [entered.T @ slope, slope.sum(axis=0), *gradients]
            slope = (slope @ self.weights[i].T) * np.where(before > 0, 1, 0.01)
        self.count += 1
        rate = self.settings.rate * (1 - 0.999**self.count) ** 0.5 / (1 - 0.9**self.count)
        for w, m, v, g in zip(self.weights, self.first, self.second, gradients, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            w -= rate * m / (np.sqrt(v) + 1e-8)


def test_steps_are_those_of_adam_in_double_precision() -> None:
    random = np.random.default_rng(1)
    network, slow = Network(5, SMALL), Slow(5, 2, SMALL)
    network.start(np.random.default_rng(3))
    network.step(random.normal(size=(4, 5)), np.ones(4))  # which is forgotten
    network.start(np.random.default_rng(2))
    other = random.normal(size=(7, 5))
    assert network.infer(other) == pytest.approx(slow.infer(other), rel=1e-14)
    before = network.infer(other)
    for size in (4, 9, 4):
        x, labels = random.normal(size=(size, 5)), random.integers(2, size=size).astype(float)
        network.step(x, labels)
        slow.step(x, labels)
    assert network.infer(other) == pytest.approx(slow.infer(other), rel=1e-11)
    assert np.abs(network.infer(other) - before).max() > 1e-3


def trained(
    pair: Pairing, parts: Parts, seed: int, settings: Settings, done: Callable[[], object] = int
) -> Scores:
    return train(Network(5, settings), pair, parts, np.random.default_rng(seed), done)


def both(shift: float, n: int = 300) -> Pairing:
    samples = (np.random.default_rng(s).normal(d, 1, (n, 5)) for s, d in ((1, 0.0), (2, shift)))
    return pairing(*map(inputs_of, samples), np.random.default_rng(3))


def test_a_training_learns_and_chooses_the_epoch_by_the_test_showers() -> None:
    pair = both(1.0)
    parts = pair.part(0, 180), pair.part(180, 240), pair.part(240, 300)
    counted: list[int] = []
    scores = trained(pair, parts, 4, SMALL, lambda: counted.append(1))
    again = trained(pair, parts, 4, SMALL)
    assert (scores.validation == again.validation).all()
    assert len(counted) == steps(len(parts[0]), SMALL) == 6 * 8
    right = np.round(scores.validation) == pair.labels(parts[2])
    assert right.mean() > 0.75
    assert len(scores.test) == 120
    # fewer epochs see the same batches: none of them has been better on the test showers
    few = trained(pair, parts, 4, replace(SMALL, epochs=scores.epoch))
    assert (few.test == scores.test).all()
    first = trained(pair, parts, 4, replace(SMALL, epochs=1))
    accuracies = [np.mean(np.round(one.test) == pair.labels(parts[1])) for one in (first, scores)]
    assert accuracies[0] <= accuracies[1]


def test_it_ends_where_nothing_is_mistaken_any_more() -> None:
    pair, quick = both(30.0, 100), replace(SMALL, epochs=40)
    counted: list[int] = []
    parts = pair.part(0, 60), pair.part(60, 80), pair.part(80, 100)
    scores = trained(pair, parts, 5, quick, lambda: counted.append(1))
    assert len(counted) == 3 * scores.epoch < steps(120, quick)
    assert (np.round(scores.test) == pair.labels(parts[1])).all()


def test_the_defaults_have_the_weights_of_the_challenge() -> None:
    """9.14 million for 362 inputs, 21.7 for 6481; see the table of its classifiers."""
    wide = Settings()
    count = lambda inputs: sum(
        (a + 1) * b
        for a, b in zip(
            [inputs, *[wide.width] * wide.depth], [*[wide.width] * wide.depth, 1], strict=True
        )
    )
    assert round(count(362) / 1e6, 2) == 9.14
    assert round(count(6481) / 1e6, 1) == 21.7
