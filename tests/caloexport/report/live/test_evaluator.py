"""The scripts have what the runtime has, but for recurrent layers."""

from __future__ import annotations

from caloexport.report.live.evaluator import known_activations, known_kinds
from caloexport.runtime.activations import activations
from caloexport.runtime.layers import layers


def test_every_kind_but_the_recurrent_ones_is_known() -> None:
    assert known_kinds() == set(layers) - {"gru", "lstm", "simple_rnn"}


def test_every_activation_is_known() -> None:
    assert known_activations() == set(activations)
