from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh
from caloexport.showers.binning import choose_binning, read_binning, shipped_binnings

TWO_PARTICLES = """<Bins>
  <Bin pid="22" name="photon"><Layer id="0" r_edges="0,1,3" n_bin_alpha="2"/></Bin>
  <Bin pid="211" name="pion"><Layer id="0" r_edges="0,1,2,3,9" n_bin_alpha="1"/>
    <Layer id="1" r_edges="0" n_bin_alpha="1"/></Bin>
</Bins>"""


def layers(name: str) -> dict[int, tuple[int, int]]:
    mesh = read_binning(name)[0].mesh
    assert isinstance(mesh, LayeredMesh)
    return {layer.id: (layer.n_r, layer.n_phi) for layer in mesh.layers}


def test_atlas_sets() -> None:
    photons = {0: (8, 1), 1: (16, 10), 2: (19, 10), 3: (5, 1), 12: (5, 1)}
    pions = {0: (8, 1), 1: (10, 10), 2: (10, 10), 3: (5, 1)}
    pions |= {12: (15, 10), 13: (16, 10), 14: (10, 1)}
    assert layers("calochallenge1-photons") == photons
    assert layers("calochallenge1-pions") == pions


def test_uniform_sets_are_cylinders() -> None:
    order = ("z", "phi", "r")
    [two], [three] = read_binning("calochallenge2"), read_binning("calochallenge3")
    assert isinstance(two.mesh, CylinderMesh)
    assert isinstance(three.mesh, CylinderMesh)
    assert two.mesh == CylinderMesh(9, 16, 45, 4.65, 3.4, order)
    assert three.mesh == CylinderMesh(18, 50, 45, 2.325, 3.4, order)


@pytest.mark.parametrize(
    ("voxels", "name"), [(368, "photon"), (533, "pion"), (6480, "electron"), (40500, "electron")]
)
def test_published_voxel_counts_find_their_binning(voxels: int, name: str) -> None:
    found = choose_binning(None, voxels, None, "a.hdf5")
    assert (found.name, found.mesh.n_layers) == (name, found.mesh.n_layers)
    assert len(found.mesh.indices()["r"]) == voxels


def test_the_entry_that_fits_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "b.xml"
    path.write_text(TWO_PARTICLES.replace("0,1,2,3,9", "0,1,2,3"))
    assert choose_binning(path, 3, None, "a.hdf5").name == "pion"
    assert choose_binning(path, 4, "photon", "a.hdf5").name == "photon"
    path.write_text(TWO_PARTICLES)  # both have four voxels
    with pytest.raises(InputFileError, match="fit several entries of the binning: photon, pion"):
        choose_binning(path, 4, None, "a.hdf5")
    assert choose_binning(path, 4, "pion", "a.hdf5").name == "pion"
    with pytest.raises(UnknownName, match=r"unknown particle 'poin' .did you mean 'pion'"):
        choose_binning(path, 4, "poin", "a.hdf5")
    with pytest.raises(
        InputFileError, match="has 5 voxels per shower, but the binning has: photon"
    ):
        choose_binning(path, 5, None, "a.hdf5")


def test_a_shipped_binning_that_fits_is_named() -> None:
    with pytest.raises(InputFileError) as refused:
        choose_binning("calochallenge1-pions", 368, None, "a.hdf5")
    assert refused.value.hint == "--binning calochallenge1-photons has so many"
    with pytest.raises(InputFileError) as refused:
        choose_binning("calochallenge1-pions", 5, None, "a.hdf5")
    assert refused.value.hint == "name a binning XML with --binning"


def test_names_and_files() -> None:
    assert len(shipped_binnings()) == 4
    with pytest.raises(UnknownName, match="did you mean 'calochallenge2'"):
        read_binning("calochalenge2")
    with pytest.raises(InputFileError, match="No such file"):
        read_binning("missing.xml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<Bins>", "is not XML"),
        ("not xml", "is not XML"),
        ("<Bins/>", "holds no 'Bin'"),
        ("<Bins><Bin/></Bins>", "0 voxels in 0 used layers"),
        ('<Bins><Bin><Layer id="x" r_edges="0,1"/></Bin></Bins>', "expected a number id"),
        ('<Bins><Bin><Layer id="0" r_edges="0,b"/></Bin></Bins>', "expected a number id"),
        ('<Bins><Bin><Layer id="0" r_edges="0,2,1"/></Bin></Bins>', "expected rising radii"),
        ('<Bins><Bin><Layer id="0" r_edges="0,nan"/></Bin></Bins>', "expected rising radii"),
        (
            '<Bins><Bin><Layer id="0" r_edges="0,1" n_bin_alpha="0"/></Bin></Bins>',
            "radii ≥ 0 and 1 to",
        ),
        (
            '<Bins><Bin><Layer id="0" r_edges="0,1" n_bin_alpha="99999999999"/></Bin></Bins>',
            "1 to 16777216 azimuth bins",
        ),
        (
            '<Bins><Bin><Layer id="0" r_edges="0,1,2,3,4" n_bin_alpha="9999999"/></Bin></Bins>',
            "39999996 voxels",
        ),
        ('<Bins><Bin symmetriseAlpha="true"/></Bins>', "not supported"),
        ('<!DOCTYPE b [<!ENTITY a "aaaa">]><Bins>&a;</Bins>', "document type of its own"),
        ("<Bins>" + " " * 2**20, "larger than 1 MB"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "b.xml"
    path.write_text(text)
    with pytest.raises(InputFileError, match=message):
        read_binning(path)
