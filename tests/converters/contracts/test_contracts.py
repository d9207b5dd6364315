"""What holds for every contract."""

from __future__ import annotations

import importlib
from itertools import pairwise

import pytest

from caloexport.converters.contracts import Contract, Latents, OneOf, Term, contracts
from caloexport.converters.fitting.columns import all_slots
from caloexport.converters.targets import targets
from caloexport.runtime.conditions import Condition

ALL = [
    "athena-dnncalosim",
    "cmssw-onnx",
    "ddml-par04",
    "ddml-regular-grid",
    "dl-inference-module",
    "fastcalosim-binned-flow",
    "fastcalosim-v1",
    "fastcalosim-v2",
    "gaussino-onnx",
    "par04-calodit",
    "par04-vae",
]


def test_the_contracts() -> None:
    assert contracts.names() == ALL


@pytest.mark.parametrize("name", ALL)
def test_a_contract_is_complete(name: str) -> None:
    contract: Contract = contracts[name]
    module = importlib.import_module(f"caloexport.converters.contracts.{name.replace('-', '_')}")
    assert "Source: " in (module.__doc__ or ""), "the source files are named"
    assert contract.notes
    assert set(contract.targets) <= set(targets)
    assert len(contract.summary) <= 90


@pytest.mark.parametrize("name", ALL)
def test_latents_come_first_and_follow_one_law(name: str) -> None:
    for form in contracts[name].forms.values():
        slots = all_slots(form.feeds or ())
        random = [isinstance(slot, Latents) for slot in slots]
        assert all(a >= b for a, b in pairwise(random))
        assert len({(s.law, s.a, s.b) for s in slots if isinstance(s, Latents)}) <= 1


@pytest.mark.parametrize("name", ALL)
def test_ranges_are_assumed_for_every_condition_that_is_fed(name: str) -> None:
    known: dict[str, Condition] = {c.name: c for c in contracts[name].assumed}
    for form in contracts[name].forms.values():
        for slot in all_slots(form.feeds or ()):
            terms = list(slot.terms.values()) if isinstance(slot, OneOf) else [slot]
            for term in terms:
                if isinstance(term, Term):
                    assert term.condition in known
