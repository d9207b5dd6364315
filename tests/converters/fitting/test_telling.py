from __future__ import annotations

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.fitting.telling import told
from caloexport.runtime.conditions import Condition
from tests.converters.contracts.generators import PAR04, linear, log_ratio, trained


def notes(low: float, high: float) -> list[str]:
    energy = Condition("energy_mev", low, high)
    generator = trained((linear(1e6),), PAR04, conditions=(energy,))
    fitted = apply_contract(generator, "par04-vae", "onnx")
    return [line for line in told(fitted.manifest.provenance) if "extrapolates" in line]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1_000.0, 1_024_000.0, None),
        (500.0, 2_000_000.0, None),
        (1_000.0, 64_000.0, "outside 1 GeV to 64 GeV the model extrapolates"),
        (5_000.0, 1_024_000.0, "the consumer feeds 1 GeV to 1.02 TeV and does not check"),
    ],
)
def test_energies_beyond_the_training(low: float, high: float, text: str | None) -> None:
    found = notes(low, high)
    assert bool(found) == (text is not None)
    if text is not None:
        assert text in found[0]


def test_the_window_of_a_file_is_what_it_is_fed() -> None:
    fitted = apply_contract(
        trained((log_ratio(),)), "fastcalosim-v2", "lwtnn", choices={"window": "22_High12"}
    )
    lines = told(fitted.manifest.provenance)
    assert any("feeds 4.1 GeV to 4.19 TeV" in line for line in lines)
    assert any(line.startswith("noise is absorbed: N(0, 1) from N(0.5, 0.5)") for line in lines)
    assert any(line.startswith("energy_mev is absorbed: log_ratio") for line in lines)


def test_conditions_that_the_model_does_not_know_are_told() -> None:
    fitted = apply_contract(trained((linear(1e6),), PAR04), "par04-vae", "onnx")
    assert "theta_rad is ignored: the network was trained without it" in told(
        fitted.manifest.provenance
    )
