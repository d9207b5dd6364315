from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import LayeredMesh
from caloexport.showers.binning import read_binning
from tests.cpp import generators

ORDER = ("z", "r", "phi")


def written(generator: Generator, name: str, folder: Path, window: str = "22_High12") -> Path:
    """Return what is written for an artifact of a file name."""
    choices = {"window": window}
    fitted = apply_contract(generator, "fastcalosim-v2", "lwtnn", choices=choices)
    export(fitted, "lwtnn", folder / name)
    return write_snippets("fastcalosim-v2", folder / name, folder / "slice").folder


def test_the_binning_is_read_back_as_the_same_mesh(tmp_path: Path) -> None:
    generator = generators.layered()
    folder = written(generator, "neural_net_22_eta_20_25_High12.json", tmp_path)
    [binning] = read_binning(folder / "binning.xml")
    assert generator.sampling is not None
    assert binning.mesh.in_order(ORDER) == generator.sampling.mesh
    text = (folder / "binning.xml").read_text()
    assert '<Particle pid="22" latentDim="6" symmetriseAlpha="false">' in text
    assert '<Bin regionId="0" etaMin="20" etaMax="25" ganVersion="2">' in text
    assert (folder / "neural_net_22_eta_20_25_High12.json").is_file()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("slice.json", r"looks for neural_net_22_eta_A_B_High12\.json"),
        ("neural_net_22_eta_20_25_UltraLow12.json", r"looks for neural_net_22_eta_A_B_High12"),
        ("neural_net_11_eta_20_25_High12.json", r"looks for neural_net_22_eta_A_B_High12"),
        ("neural_net_22_eta_20_30_High12.json", "covers 20 to 30 hundredths"),
    ],
)
def test_names_that_fastcalosim_does_not_find_are_refused(
    name: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=expected):
        written(generators.layered(), name, tmp_path)


def test_layers_that_fastcalosim_walks_in_another_order_are_refused(tmp_path: Path) -> None:
    generator = generators.layered()
    assert generator.sampling is not None
    assert isinstance(generator.sampling.mesh, LayeredMesh)
    first, second = generator.sampling.mesh.layers
    turned = replace(generator.sampling.mesh, layers=(second, first))
    sampling = replace(generator.sampling, mesh=turned)
    other = Generator.from_network(generator.network, sampling, name="turned")
    with pytest.raises(UnsupportedError, match=r"its layers are \[2, 0\]"):
        written(other, "neural_net_22_eta_20_25_High12.json", tmp_path)
