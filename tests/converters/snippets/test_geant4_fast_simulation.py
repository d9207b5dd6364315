from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from tests.cpp.generators import GENERATORS


def test_a_mesh_without_depth_is_refused(tmp_path: Path) -> None:
    export(GENERATORS["layered"](), "cpp", tmp_path / "decoder.h", verify=False)
    with pytest.raises(UnsupportedError, match="the mesh has no depth"):
        write_snippets("geant4-fast-simulation", tmp_path / "decoder.h", tmp_path / "out")


def test_a_condition_that_no_track_tells_is_refused(tmp_path: Path) -> None:
    made = GENERATORS["cylinder"]()
    physics = made.sampling
    assert physics is not None
    terms = list(physics.encoding.terms)
    terms[1] = Term("linear", "impact_mm", {"offset": 0.0, "scale": 1.0})
    conditions = (physics.conditions[0], Condition("impact_mm", 0.0, 3.0), physics.conditions[2])
    physics = replace(physics, conditions=conditions, encoding=Encoding(tuple(terms)))
    generator = Generator.from_network(made.network, physics, name="impact")
    export(generator, "cpp", tmp_path / "decoder.h", verify=False)
    with pytest.raises(UnsupportedError, match="a Geant4 track does not tell 'impact_mm'"):
        write_snippets("geant4-fast-simulation", tmp_path / "decoder.h", tmp_path / "out")


def test_the_folder_says_what_a_track_does_not_tell(tmp_path: Path) -> None:
    export(GENERATORS["cylinder"](), "cpp", tmp_path / "decoder.h", verify=False)
    written = write_snippets("geant4-fast-simulation", tmp_path / "decoder.h", tmp_path / "out")
    text = (written.folder / "conditions_of_run.h").read_text()
    assert "conditions.geometry = generator::Geometry::siw;  // scipb, siw" in text
    assert "return {2.325, 3.4};" in text
    assert "/gun/energy 50 GeV" in (written.folder / "run.mac").read_text()
