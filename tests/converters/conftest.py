"""SavedModels of other programs, written once for all tests."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.converters.savedmodel.foreign_models import MAKE, Foreign
from tests.converters.savedmodel.operator_cases import CASES, Case


@pytest.fixture(scope="session")
def tensorflow() -> Any:
    """TensorFlow, or a skip."""
    from caloexport.converters.savedmodel.quiet import import_tensorflow

    pytest.importorskip("tensorflow")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of TensorFlow's own making
        tf = import_tensorflow()
        from tensorflow.python.framework import config

        # training switches it on, and graphs that draw numbers then demand a seed each
        config.disable_op_determinism()
        return tf


@pytest.fixture(scope="session")
def foreign(tensorflow: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Foreign]:
    """SavedModels that other programs wrote, by name."""
    place = tmp_path_factory.mktemp("foreign")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of TensorFlow's and Keras' own making
        return {name: make(tensorflow, place / name) for name, make in MAKE.items()}


def traced(tf: Any, case: Case) -> Any:
    """Return the function of a case for any number of showers."""
    spec = tf.TensorSpec((None, *case.shape), tf.float32, name="x")
    return tf.function(lambda x: {"y": case.function(tf, x)}).get_concrete_function(spec)


@pytest.fixture(scope="session")
def operator_functions(tensorflow: Any) -> dict[str, Any]:
    """The function of every case, named by its number."""
    return {f"case_{number}": traced(tensorflow, case) for number, case in enumerate(CASES)}


@pytest.fixture(scope="session")
def operator_folder(
    tensorflow: Any,
    operator_functions: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A SavedModel with a signature for every case."""
    tf, signatures = tensorflow, operator_functions
    module = tf.Module()
    folder = tmp_path_factory.mktemp("operators") / "model"
    module.functions = list(signatures.values())
    tf.saved_model.save(module, str(folder), signatures=signatures)
    return folder
