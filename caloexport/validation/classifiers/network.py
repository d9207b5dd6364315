"""The CaloChallenge's classifier: a network of three wide layers, in double precision throughout.

Dense layers of 2048 with LeakyReLU (slope 0.01) and one logit, no dropout, inputs as they are; Adam
with 2e-4, batches of 1000, 50 epochs of the mean binary cross-entropy. Training ends before where
no test shower is mistaken any more. Weights start as PyTorch's: uniform within 1/√inputs.

Plain TensorFlow; where it finds a GPU it uses it. Everything random is drawn by numpy.

Source: CaloChallenge, code/evaluate.py (DNN, train_and_evaluate_cls); what 50 published AUCs are of.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.arrays import Float64, Integers
from caloexport.validation.classifiers.pairing import Pairing

BETAS = (0.9, 0.999)
EPSILON = 1e-8


@dataclass(frozen=True)
class Settings:
    """Sizes of the network and of its training; the defaults are the challenge's.

    Attributes:
        width, depth: of the hidden layers.
        slope: of LeakyReLU below 0.
        rate: learning rate.
        batch: showers of both samples in a step.
        epochs: passes over the training showers.
    """

    width: int = 2048
    depth: int = 3
    slope: float = 0.01
    rate: float = 2e-4
    batch: int = 1000
    epochs: int = 50


@dataclass(frozen=True)
class Scores:
    """Probabilities of being of the reference at the epoch of the best accuracy on test showers.

    Attributes:
        test, validation: in the order of the numbers that were given.
        epoch: counted from 1.
    """

    test: Float64
    validation: Float64
    epoch: int


def train(
    network: Network,
    pairing: Pairing,
    parts: tuple[Integers, Integers, Integers],
    random: np.random.Generator,
    step_done: Callable[[], None] = lambda: None,
) -> Scores:
    """Train a classifier and score the showers that it was not trained on.

    Args:
        network: with as many inputs; whatever it learnt before is forgotten.
        pairing: both samples.
        parts: numbers of the showers to train on, to choose the epoch by, and to validate.
        random: for first weights and batches.
        step_done: called after each batch.
    """
    network.start(random)
    settings = network.settings
    training, test, validation = parts
    truth = pairing.labels(test)
    best, chosen = -1.0, None
    for epoch in range(1, settings.epochs + 1):
        for batch in _batches(random.permutation(training), settings.batch):
            network.step(pairing.read(batch), pairing.labels(batch))
            step_done()
        scores = _score(network, pairing, test, settings.batch)
        accuracy = float(np.mean(np.round(scores) == truth))
        if accuracy > best:
            best = accuracy
            chosen = Scores(scores, _score(network, pairing, validation, settings.batch), epoch)
        if accuracy == 1:
            break
    assert chosen is not None
    return chosen


def steps(n_training: int, settings: Settings) -> int:
    """Count the batches of a training at most.

    >>> steps(120_000, Settings())
    6000
    """
    return settings.epochs * math.ceil(n_training / settings.batch)


class Network:
    """The network with its optimiser.

    Args:
        inputs: how many.
        settings: of network and training.

    Raises:
        MissingDependency: without TensorFlow.
    """

    def __init__(self, inputs: int, settings: Settings) -> None:
        tf = self._tf = import_tensorflow()
        self.settings = settings
        sizes = [inputs, *[settings.width] * settings.depth, 1]
        self._weights, self._first, self._second = (
            [
                tf.Variable(tf.zeros(shape, tf.float64))
                for fan_in, fan_out in itertools.pairwise(sizes)
                for shape in ((fan_in, fan_out), (fan_out,))
            ]
            for _ in range(3)
        )
        self._powers = tf.Variable(np.ones(2))
        matrix, vector = (tf.TensorSpec(shape, tf.float64) for shape in ((None, inputs), (None,)))
        self._step = tf.function(self._descend, input_signature=(matrix, vector), autograph=False)
        self._infer = tf.function(self._probability, input_signature=(matrix,), autograph=False)

    def start(self, random: np.random.Generator) -> None:
        """Begin anew with random weights."""
        for number, weight in enumerate(self._weights):
            limit = 1 / math.sqrt(self._weights[number // 2 * 2].shape[0])
            weight.assign(random.uniform(-limit, limit, weight.shape))
        for slot in (*self._first, *self._second):
            slot.assign(self._tf.zeros_like(slot))
        self._powers.assign(np.ones(2))

    def step(self, inputs: Float64, labels: Float64) -> None:
        """Descend along the gradient of a batch, (k, inputs) and (k,)."""
        self._step(inputs, labels)

    def infer(self, inputs: Float64) -> Float64:
        """Return the probabilities of being of the reference, (k,)."""
        return np.asarray(self._infer(inputs))

    def _logit(self, x: Any) -> Any:
        for layer in range(0, len(self._weights), 2):
            if layer:
                # LeakyReLU; that of TensorFlow has its slope in single precision
                x = self._tf.maximum(x, self.settings.slope * x)
            x = x @ self._weights[layer] + self._weights[layer + 1]
        return x[:, 0]

    def _probability(self, x: Any) -> Any:
        return self._tf.sigmoid(self._logit(x))

    def _descend(self, x: Any, labels: Any) -> None:
        tf = self._tf
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=self._logit(x))
            )
        gradients = tape.gradient(loss, self._weights)
        powers = self._powers.assign(self._powers * np.array(BETAS))
        slots = zip(self._weights, self._first, self._second, gradients, strict=True)
        for weight, first, second, gradient in slots:
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle, m=first.handle, v=second.handle,
                beta1_power=powers[0], beta2_power=powers[1], lr=self._rate(),
                beta1=self._double(BETAS[0]), beta2=self._double(BETAS[1]),
                epsilon=self._double(EPSILON), grad=gradient,
            )  # fmt: skip

    def _rate(self) -> Any:
        return self._double(self.settings.rate)

    def _double(self, value: float) -> Any:
        return self._tf.constant(value, self._tf.float64)


def _batches(numbers: Integers, size: int) -> Iterator[Integers]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _score(network: Network, pairing: Pairing, numbers: Integers, size: int) -> Float64:
    found = [network.infer(pairing.read(batch)) for batch in _batches(numbers, size)]
    return np.concatenate(found)
