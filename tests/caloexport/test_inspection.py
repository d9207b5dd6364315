from __future__ import annotations

from pathlib import Path

import pytest

from caloexport import catalogue
from caloexport.converters.export import export
from caloexport.converters.targets import targets
from caloexport.inspection import inspect_model
from caloexport.runtime.generator import Generator
from caloexport.validation.profile import load_profile
from tests.every_layer import layer_cases
from tests.networks import decoder


def test_inspecting_an_artifact(tmp_path: Path) -> None:
    path = export(decoder(), "numba", tmp_path / "toy.safetensors").path
    found = inspect_model(path).to_json()
    assert found["schema"] == "caloexport.inspect/1"
    assert found["format"] == "numba"
    assert found["parameters"] == sum(layer["parameters"] for layer in found["layers"])
    assert found["targets"] == dict.fromkeys(targets.names(), "ok")
    assert "--fix geometry=VALUE" in found["contracts"]["par04-vae"]
    assert len(list(inspect_model(path).tables())) == 4


def test_a_layer_that_is_not_compiled_is_said_to_be_slower(tmp_path: Path) -> None:
    generator = Generator.from_network(dict(layer_cases())["lstm"], name="toy")
    path = export(generator, "numba", tmp_path / "toy.safetensors").path
    verdicts = inspect_model(path).targets
    assert verdicts["numba"] == "ok, executed by the slower backend 'numpy'"
    assert verdicts["onnx"] == "ok"


@pytest.mark.parametrize(
    "what",
    [
        "backends",
        "targets",
        "contracts",
        "layers",
        "families",
        "datasets",
        "checks",
        "distances",
        "plugins",
    ],
)
def test_lists_have_a_name_and_something_to_say(what: str) -> None:
    for row in catalogue.rows(what):
        assert row["name"]
        assert all(isinstance(value, str) for value in row.values())
    if what != "plugins":
        assert len(catalogue.rows(what)) >= 1


def test_checks_are_listed_with_the_usual_thresholds() -> None:
    first, *_, last = catalogue.rows("checks")
    assert first == {
        "name": "CE001",
        "threshold": f"{load_profile()['CE001'].threshold:g}",
        "required": "no",
        "what": "L1 distance of the spectra of cell energies above the readout cut",
    }
    assert (last["name"], last["threshold"]) == ("SH010", "0.25")
