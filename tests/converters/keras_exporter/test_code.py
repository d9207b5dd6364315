from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.keras_exporter.code import code_in, require_no_code
from caloexport.runtime.errors import UnsupportedError

DENSE = {"module": "keras.layers", "class_name": "Dense", "registered_name": None}


def inside(layer: Any) -> dict[str, Any]:
    """Return a model in a model in which a layer stands."""
    inner = {"class_name": "Sequential", "module": "keras", "config": {"layers": [DENSE, layer]}}
    return {"class_name": "Functional", "config": {"layers": [DENSE, inner]}}


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ({"class_name": "Lambda", "config": {"function": ["4wEAAA", None, None]}}, "Lambda"),
        ({**DENSE, "config": {"activation": {"class_name": "__lambda__"}}}, "__lambda__"),
        ({"class_name": "TFSMLayer", "module": "keras.layers"}, "TFSMLayer"),
        ({"class_name": "system", "module": "os"}, "os.system"),
        ({"class_name": "run", "module": "kerasevil.layers"}, "kerasevil.layers.run"),
        ({"class_name": "Dense", "module": None, "registered_name": "mine>Dense"}, "mine>Dense"),
        ({"class_name": "function", "module": "builtins", "config": "my_relu"}, "my_relu"),
    ],
)
def test_code_is_found_at_any_depth(layer: Any, name: str) -> None:
    assert code_in(inside(layer)) == name
    with pytest.raises(UnsupportedError, match=f"class {name} is Python code, which is never"):
        require_no_code(inside(layer), Path("model.keras"))


def test_layers_of_keras_and_what_is_not_loaded_pass() -> None:
    relu = {"class_name": "function", "module": "keras.activations", "config": "relu"}
    model = inside({**DENSE, "config": {"activation": relu}})
    loss = {"class_name": "function", "module": "builtins", "config": "my_loss"}
    assert code_in({**model, "compile_config": {"loss": loss}}) is None


def test_depth_is_no_danger() -> None:
    deep: Any = {"class_name": "Lambda"}
    for _ in range(20_000):
        deep = [deep]
    assert code_in(deep) == "Lambda"
