"""Graphs that are wrong or mean harm, written with TensorFlow's own messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def save(folder: Path, build: Callable[[Any, Any], Any], tf: Any, shape: Any = (None, 4)) -> Path:
    """Write a graph of TensorFlow 1 that makes y of a placeholder x."""
    v1, graph = tf.compat.v1, tf.Graph()
    with graph.as_default(), v1.Session(graph=graph) as session:
        x = v1.placeholder(tf.float32, shape, name="x")
        y = build(tf, x)
        v1.saved_model.simple_save(session, str(folder), {"x": x}, {"y": y})
    return folder


def read_file(tf: Any, x: Any) -> Any:
    return x * tf.io.decode_raw(tf.raw_ops.ReadFile(filename="/etc/passwd"), tf.float32)[0]


def python(tf: Any, x: Any) -> Any:
    return tf.reshape(tf.compat.v1.py_func(lambda a: a, [x], tf.float32), (-1, 4))


def parse_example(tf: Any, x: Any) -> Any:
    return x * tf.strings.to_number(tf.constant("1"))


def random(tf: Any, x: Any) -> Any:
    return x + tf.random.normal([4])


def two_tensors(tf: Any, x: Any) -> Any:
    return tf.matmul(x, tf.transpose(tf.tanh(x)))


def over_the_batch(tf: Any, x: Any) -> Any:
    return tf.reduce_mean(x, 0, keepdims=True) + x


def moved_showers(tf: Any, x: Any) -> Any:
    return tf.transpose(tf.reshape(tf.transpose(x), [-1, 4]))


def part_of_the_batch(tf: Any, x: Any) -> Any:
    return x[:1]


def endless(tf: Any, x: Any) -> Any:
    return tf.while_loop(lambda k, y: k < 10**9, lambda k, y: (k + 1, y + 1), [0, x])[1]


def as_long_as_the_input_says(tf: Any, x: Any) -> Any:
    return tf.while_loop(lambda y: tf.reduce_sum(y) < 5, lambda y: [y + 1], [x])[0]


def huge_constant(tf: Any, x: Any) -> Any:
    return x + tf.reduce_sum(tf.fill([2**20, 2**20], 1.0))


def huge_tensor(tf: Any, x: Any) -> Any:
    for _ in range(5):
        x = tf.reshape(tf.tile(tf.expand_dims(x, 1), [1, 1000, 1]), [-1, 4 * 1000])[:, :, None]
        x = tf.reshape(tf.tile(x, [1, 1, 1000]), [-1, 4_000_000])
    return x


def doubling(tf: Any, x: Any) -> Any:
    for _ in range(60):
        x = tf.concat([x, x], 1)
    return x


def no_output_of_the_input(tf: Any, x: Any) -> Any:
    return tf.constant(np.ones((3, 4), "f4")) * 2


def an_input_of_strings(tf: Any, x: Any) -> Any:
    return tf.strings.to_number(tf.strings.as_string(x))


#: what is refused because networks cannot express it, and what the message names
UNSUPPORTED: dict[Callable[[Any, Any], Any], str] = {
    read_file: "DecodeRaw|ReadFile",
    python: "PyFunc",
    parse_example: "StringToNumber",
    random: "RandomStandardNormal",
    two_tensors: "MatMul",
    over_the_batch: "Mean.*batch axis",
    moved_showers: "Reshape",
    part_of_the_batch: "StridedSlice.*batch axis",
    endless: "more than",
    as_long_as_the_input_says: "Sum.*batch axis",
    huge_constant: "values",
    huge_tensor: "values|layers",
    doubling: "values",
    no_output_of_the_input: "no tensor",
    an_input_of_strings: "AsString",
}
