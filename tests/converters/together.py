"""Many small cases behind one input: one Keras model, one file, one comparison for each case."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.keras_files import read_keras
from caloexport.runtime.arrays import Array
from caloexport.runtime.reference import evaluate_all
from caloexport.runtime.tolerance import compare
from tests.converters.keras_models import FORMATS, inputs_of, keras, saved, scrambled

#: keras.layers (or keras), input -> what is compared: a tensor or several
Case = Callable[[Any, Any], Any]

#: factors on the inputs: ordinary and extreme values
SCALES = (1.0, 1e3)


@dataclass(frozen=True)
class Together:
    """Cases that read an input of one shape.

    Args:
        shape: of the input.
        cases: by name, the class and after a dash what is special.
        scales: factors on the inputs.
    """

    shape: tuple[int, ...]
    cases: Mapping[str, Callable[..., Any]]
    scales: tuple[float, ...] = SCALES

    @cached_property
    def model(self) -> Any:
        """One model of all cases with scrambled weights."""
        x = keras().layers.Input(self.shape, name="x")
        return scrambled(keras().Model(x, self._made(x)))

    def _made(self, x: Any) -> dict[str, Any]:
        outputs = {}
        for name, make in self.cases.items():
            made = make(keras(), x)
            several = made if isinstance(made, (list, tuple)) else [made]
            outputs |= {f"{name}|{k}": tensor for k, tensor in enumerate(several)}
        return dict(sorted(outputs.items()))  # the order in which Keras flattens them

    @cached_property
    def expected(self) -> dict[float, dict[str, Array]]:
        """What Keras computes, by scale and output."""
        found = {}
        for scale in self.scales:
            values = self.model(inputs_of(self.model, scale)[0], training=False)
            found[scale] = {name: np.asarray(value) for name, value in values.items()}
        return found

    @cached_property
    def found(self) -> dict[tuple[str, float, str], dict[str, Array]]:
        """What the networks of the files compute, by format, scale, dtype and output."""
        found = {}
        with tempfile.TemporaryDirectory() as folder:
            networks = {s: read_keras(saved(self.model, Path(folder), s)) for s in FORMATS}
        for suffix, network in networks.items():
            for scale in self.scales:
                for dtype in ("float64", "float32"):
                    x = {"x": inputs_of(self.model, scale)[0]}
                    values = evaluate_all(network, x, dtype)
                    outputs = [values[name] for name in network.outputs]
                    names = self.expected[scale]
                    found[suffix, scale, dtype] = dict(zip(names, outputs, strict=True))
        return found

    def check(self, name: str) -> None:
        """Compare one case in both formats, at every scale, in float64 and float32."""
        own = [key for key in self.expected[self.scales[0]] if key.rpartition("|")[0] == name]
        assert own
        for (suffix, scale, dtype), values in self.found.items():
            for key in own:
                expected, value = self.expected[scale][key], values[key]
                # what has no axis left in Keras is one value of each shower in a network
                assert value.shape == (expected.shape if expected.ndim > 1 else (len(value), 1))
                flat = expected.reshape(len(expected), -1)
                difference = compare(value.reshape(flat.shape), flat, "float32")
                assert difference.equal, f"{key} in .{suffix}, {dtype} at {scale}: {difference}"


def names_of(*groups: Together) -> list[tuple[Together, str]]:
    """List the cases of groups, for parametrised tests."""
    return [(group, name) for group in groups for name in group.cases]
