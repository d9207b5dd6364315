"""Detector files: the shipped ones make sense, damaged ones are refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.simulation.detector_file import detector_from_data, detector_names, load_detector
from caloexport.simulation.scorings import make_scoring

STACK = '[[stack]]\nslabs = [{ material = "G4_W", thickness = "1mm" }]\n'
MESH = '[meshes.a]\ncells = [1, 2, 3]\nr_cell = "1cm"\nz_cell = "2mm"\n'
DEPTHS_MM = {
    "atlas-barrel": 517.5,
    "siw": 153.0,
    "scipb": 252.0,
    "pbwo4": 200.25,
    "fcc-siw": 92.0,
    "odd-ecal": 242.4,
    "calochallenge2": 153.0,
    "calochallenge3": 153.0,
}


@pytest.mark.parametrize("name", detector_names())
def test_shipped_detectors_are_described_and_scored(name: str) -> None:
    detector = load_detector(name)
    assert detector.title
    assert detector.card
    assert detector.data["source"]
    assert detector.depth_mm == pytest.approx(DEPTHS_MM[name])
    for plan in detector.scorings.values():
        assert make_scoring(plan, detector).counts.any()


@pytest.mark.parametrize("name", detector_names())
def test_meshes_are_as_deep_as_the_stack(name: str) -> None:
    detector = load_detector(name)
    for plan in detector.scorings.values():
        given = plan.parameters or {}
        if plan.kind == "cylinder":
            depth = given["cells"][2] * given["z_cell_mm"]
            assert depth == pytest.approx(detector.depth_mm, rel=1e-9)


@pytest.mark.parametrize("name", detector_names())
def test_a_detector_can_be_made_again_from_its_data(name: str) -> None:
    detector = load_detector(name)
    again = detector_from_data(name, detector.data)
    assert again == detector


def test_the_fractions_of_a_mixture_add_up() -> None:
    for name in detector_names():
        for mixture in load_detector(name).mixtures.values():
            assert sum(mixture["fractions"].values()) == pytest.approx(1.0, abs=1e-5)


def test_challenge_detectors_scale_the_active_energy() -> None:
    (plan,) = load_detector("calochallenge2").scorings.values()
    assert plan.deposits == "active"
    assert plan.factor == pytest.approx(1 / 0.033)
    assert plan.threshold_mev == pytest.approx(0.0005 / 0.033)


def test_upstream_slabs_end_at_the_front_face(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(STACK + STACK.replace("stack", "upstream").replace("1mm", "3mm") + MESH)
    detector = load_detector(str(path))
    assert detector.edges_mm.tolist() == [-3.0, 0.0, 1.0]
    assert detector.name == "two"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= 1", "is not TOML"),
        ("titel = 'x'\n" + STACK + MESH, "unknown field 'titel'"),
        (STACK, "at least one"),
        (STACK.replace("1mm", "0mm") + MESH, "0 mm thick"),
        (STACK.replace("1mm", "-1mm") + MESH, "-1 mm thick"),
        (STACK.replace("1mm", "1") + MESH, "no unit"),
        (STACK.replace(', thickness = "1mm"', "") + MESH, "needs material and thickness"),
        ("[[stack]]\nrepeat = 0\nslabs = []\n" + MESH, "repeated 0 times"),
        (STACK + MESH.replace("r_cell", "radius"), "unknown field of mesh 'a' 'radius'"),
        ('inner_radius = "1.9mm"\n' + STACK + STACK.replace("stack", "upstream") + MESH, "no room"),
        (STACK + MESH + 'kind = "cone"', "unknown kind of mesh 'cone'"),
        (STACK + MESH + 'deposits = "some"', "expected all or active"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InputFileError, match=words) as caught:
        load_detector(str(path))
    assert caught.value.where == str(path)
    assert "another version" not in str(caught.value)


def test_a_slip_in_a_file_by_hand_points_to_the_grammar(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(STACK.replace(', thickness = "1mm"', "") + MESH)
    with pytest.raises(InputFileError, match=r"see docs/simulation\.md for the grammar"):
        load_detector(str(path))


def test_an_unknown_detector_names_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="did you mean 'siw'"):
        load_detector("siv")


MIXTURE = "[mixtures.alloy]\ndensity_g_cm3 = 17.8\nfractions = { G4_W = 0.9, G4_Ni = 0.1 }\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.1", "0.2"), "add up to 1.1"),
        (("17.8", "-1"), "density"),
        (("density_g_cm3", "density"), "unknown field of a mixture"),
        (("0.9", '"most"'), "fractions"),
    ],
)
def test_mixtures_that_make_no_sense_are_refused(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    path = tmp_path / "alloy.toml"
    path.write_text(STACK + MESH + MIXTURE)
    assert load_detector(str(path)).mixtures["alloy"]["density_g_cm3"] == 17.8
    path.write_text(STACK + MESH + MIXTURE.replace(*change))
    with pytest.raises(InputFileError, match=words):
        load_detector(str(path))
