"""Recurrent layers against Keras, in both directions and as cells."""

from __future__ import annotations

import pytest

from tests.converters.together import Together, names_of

RECURRENT = Together(
    (7, 6),
    {
        "LSTM": lambda K, x: K.layers.LSTM(3)(x),
        "LSTM-backwards": lambda K, x: K.layers.LSTM(
            3, return_sequences=True, go_backwards=True, activation="softsign",
            recurrent_activation="hard_sigmoid",
        )(x),
        "LSTM-no-bias": lambda K, x: K.layers.LSTM(3, use_bias=False, unit_forget_bias=False)(x),
        "GRU": lambda K, x: K.layers.GRU(3)(x),
        "GRU-reset-before": lambda K, x: K.layers.GRU(
            3, reset_after=False, return_sequences=True
        )(x),
        "GRU-no-bias": lambda K, x: K.layers.GRU(3, use_bias=False, activation="silu")(x),
        "GRU-reset-before-no-bias": lambda K, x: K.layers.GRU(
            3, use_bias=False, reset_after=False, go_backwards=True
        )(x),
        "SimpleRNN": lambda K, x: K.layers.SimpleRNN(3, return_sequences=True)(x),
        "SimpleRNN-backwards": lambda K, x: K.layers.SimpleRNN(3, go_backwards=True)(x),
        "RNN": lambda K, x: K.layers.RNN(K.layers.LSTMCell(3), return_sequences=True)(x),
        "RNN-simple": lambda K, x: K.layers.RNN(K.layers.SimpleRNNCell(2))(x),
        "RNN-stacked": lambda K, x: K.layers.RNN(
            [K.layers.LSTMCell(3), K.layers.GRUCell(2), K.layers.GRUCell(4, reset_after=False)],
            go_backwards=True,
        )(x),
        "Bidirectional": lambda K, x: K.layers.Bidirectional(K.layers.GRU(3))(x),
        "Bidirectional-own-backwards": lambda K, x: K.layers.Bidirectional(
            K.layers.GRU(3, name="there"),
            backward_layer=K.layers.GRU(3, go_backwards=True, activation="relu", name="back"),
        )(x),
        "Bidirectional-of-backwards": lambda K, x: K.layers.Bidirectional(
            K.layers.SimpleRNN(3, return_sequences=True, name="one"),
            backward_layer=K.layers.SimpleRNN(
                2, return_sequences=True, go_backwards=True, name="two"
            ),
        )(x),
        "Bidirectional-cells": lambda K, x: K.layers.Bidirectional(
            K.layers.RNN(K.layers.GRUCell(2), return_sequences=True)
        )(x),
        **{
            f"Bidirectional-{mode}": lambda K, x, mode=mode: K.layers.Bidirectional(
                K.layers.LSTM(3, return_sequences=True), merge_mode=mode
            )(x)
            for mode in ("concat", "sum", "ave", "mul", None)
        },
    },
)  # fmt: skip
GROUPS = (RECURRENT,)


@pytest.mark.parametrize(("group", "name"), names_of(*GROUPS))
def test_recurrent_layer_equals_keras(group: Together, name: str) -> None:
    group.check(name)
