"""What is written to a variable's memory is the variable's, and nobody else's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UnsupportedError
from caloexport.training.fastv.in_place import InPlace

tf = pytest.importorskip("tensorflow")


def test_a_variable_changes_with_its_memory() -> None:
    variable = tf.Variable(tf.zeros((3, 4)))
    memory = InPlace(variable)
    memory.view()[1, 2] = 5
    assert variable.numpy()[1, 2] == 5
    assert variable.numpy().sum() == 5


def test_memory_that_others_have_is_left_to_them() -> None:
    other = tf.Variable(tf.ones(5))
    variable = tf.Variable(other)
    memory = InPlace(variable)
    memory.view()[:] = 2
    assert other.numpy().tolist() == [1.0] * 5
    variable.assign(other)
    memory.view()[0] = 3
    assert other.numpy().tolist() == [1.0] * 5
    assert variable.numpy().tolist() == [3.0, 1.0, 1.0, 1.0, 1.0]


def test_what_tensorflow_changes_is_seen() -> None:
    variable = tf.Variable(tf.zeros(3))
    memory = InPlace(variable)
    memory.view()[:] = 1
    variable.assign_add([1.0, 2.0, 3.0])
    assert memory.view().tolist() == [2.0, 3.0, 4.0]
    memory.view()[:] = 7
    assert variable.numpy().tolist() == [7.0] * 3


def test_a_variable_that_hides_its_memory_is_refused() -> None:
    class Hiding:
        """A variable that hands out copies."""

        name, shape = "hiding", tf.TensorShape([2])

        def __init__(self) -> None:
            self.inner = tf.Variable(tf.zeros(2))
            self.numpy, self.assign = self.inner.numpy, self.inner.assign

        def read_value(self) -> Any:
            return tf.constant(np.array(self.inner.numpy()))

    with pytest.raises(UnsupportedError, match="does not change with its memory"):
        InPlace(Hiding())
