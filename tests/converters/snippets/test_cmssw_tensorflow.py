from __future__ import annotations

from dataclasses import replace

from caloexport.converters.cpp.facts import facts_of
from caloexport.converters.snippets import snippets
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from tests.cpp.generators import layered


def test_rows_of_numbers_are_fed_and_nothing_else() -> None:
    rows = layered()
    refuse = snippets["cmssw-tensorflow"].refuse
    assert refuse is not None
    assert refuse(facts_of(rows.manifest, ())) is None
    # the same network behind an input of one row and seven columns
    width = rows.network.inputs["x"][0]
    flat = Node("flat", "reshape", ("image",), {"shape": [width]})
    first, *others = rows.network.nodes
    nodes = [flat, replace(first, inputs=("flat",)), *others]
    image = Network({"image": (1, width)}, nodes, rows.network.outputs)
    made = Generator.from_network(image, rows.sampling, name="image")
    assert refuse(facts_of(made.manifest, ())) == (
        f"input 'image' has the axes (1, {width}), the plugin feeds rows of numbers"
    )
