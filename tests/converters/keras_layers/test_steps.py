"""Steps that handlers return: chains, graphs, and what reads what."""

from __future__ import annotations

import pytest

from caloexport.converters.keras_layers.steps import (
    Graph,
    Input,
    Step,
    after,
    chain,
    connect,
    in_order,
)


def test_a_chain_reads_all_inputs_first() -> None:
    (last,) = connect([Step("add"), Step("activation")], (Input(0), Input(1)))
    assert isinstance(last, Step)
    (first,) = last.reads
    assert isinstance(first, Step)
    assert (last.kind, first.kind, first.reads) == ("activation", "add", (Input(0), Input(1)))


def test_no_step_passes_the_inputs_on() -> None:
    assert connect([], (Input(0), Input(1))) == (Input(0), Input(1))
    assert after([]) == Input(0)


def test_a_step_that_is_read_twice_stays_one() -> None:
    shared = Step("reduce", reads=(Input(0),))
    root = Step("divide", reads=(shared, Step("activation", reads=(shared,))))
    outputs = connect(Graph((root, shared)), (Step("dense"),))
    assert [step.kind for step in in_order(outputs)] == ["dense", "reduce", "activation", "divide"]


def test_a_step_of_a_chain_can_be_read_later_on() -> None:
    first, second = Step("dense"), Step("activation")
    (last,) = connect([first, second, Step("add", reads=(first, second))], (Input(0),))
    assert [step.kind for step in in_order([last])] == ["dense", "activation", "add"]


def test_a_graph_is_no_chain() -> None:
    assert [step.kind for step in chain([Step("dense")])] == ["dense"]
    with pytest.raises(TypeError):
        chain(Graph((Input(0),)))
