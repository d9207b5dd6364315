"""The FastCaloSim snippet: what its C++ computes from a slice, against the mesh and the reference."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest

from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import n_cells
from caloexport.runtime.network import Network, Node
from tests.cpp import generators
from tests.cpp.compiling import SANITIZED, STANDINS, Compiler, run
from tests.cpp.conftest import SnippetFolder
from tests.cpp.lwtnn_library import LwtnnLibrary, lwtnn_library
from tests.cpp.onnxruntime_wheels import OnnxRuntime
from tests.cpp.showers import refusal

__all__ = ["lwtnn_library"]

pytestmark = pytest.mark.system

PROGRAMS = Path(__file__).parents[1] / "programs"
SHARED = Path(__file__).parents[3] / "cpp_snippets" / "shared" / "fastcalosim"
CLHEP = STANDINS / "clhep"
ARTIFACT = "neural_net_22_eta_20_25_High12"
PHOTON_MEV = 65536.0


def ramp() -> Generator:
    """Return a generator of the layered mesh whose output k is always (k + 1)/1000."""
    generator = generators.layered()
    assert generator.sampling is not None
    cells = n_cells(generator.sampling.mesh)
    width = generator.sampling.width
    values = (np.arange(cells, dtype=np.float32) + 1) / 1000
    weights = {"kernel": np.zeros((width, cells), np.float32), "bias": values}
    node = Node("cells", "dense", ("x",), {}, weights)
    network = Network({"x": (width,)}, [node], ["cells"])
    return Generator.from_network(network, generator.sampling, name="ramp")


@pytest.fixture(scope="module", autouse=True)
def ramp_generator() -> Iterator[None]:
    """Put the ramp among the generators that folders are made of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(generators.GENERATORS, "ramp", ramp)
        yield


#: particle, mass and momentum in MeV -> label, by hand in forty digits
LABELS = [
    (22, 0.0, 65536.0, 0.4),  # 2^16 in 2^12 to 2^22
    (22, 0.0, 4096.0, 1.0),  # the split belongs to the lower network
    (22, 0.0, 1024.0, 2 / 3),  # 2^10 in 2^6 to 2^12
    (-11, 0.51099895, 65536.0, 0.400009681),
    (11, 0.51099895, 64.0, 0.0),
    (11, 0.51099895, 2048.0, 0.833617768),
    (211, 139.57039, 65536.0, 0.593069975),
    (-211, 139.57039, 256.0, 0.0),
    (2212, 938.27208816, 4194304.0, 1.0),
    (2212, 938.27208816, 16384.0, 0.386965787),
    (13, 105.66, 65536.0, math.nan),  # no network
]


def test_labels_are_those_of_hand(any_compiler: Compiler) -> None:
    program = any_compiler.program([PROGRAMS / "fastcalosim_labels.cc"], includes=[SHARED])
    given = "\n".join(f"{pdg} {mass!r} {momentum!r}" for pdg, mass, momentum, _ in LABELS)
    done = subprocess.run([program], input=given, capture_output=True, text=True, check=True)
    found = [float(word) for word in done.stdout.split()]
    np.testing.assert_allclose(found, [label for *_, label in LABELS], rtol=0, atol=1e-8)


@pytest.fixture(scope="module")
def check_slice(
    any_compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> Path:
    """The program of the folder, for a file of ONNX."""
    folder = snippet_folder("fastcalosim-v2", "onnx", "layered")
    options = onnxruntime.options
    return any_compiler.program(
        [folder / "check_slice.cc"], includes=[folder, CLHEP], flags=SANITIZED, **options
    )


def test_a_slice_is_checked_and_a_shower_made(
    check_slice: Path, snippet_folder: SnippetFolder
) -> None:
    folder = snippet_folder("fastcalosim-v2", "onnx", "layered")
    told = run(check_slice, folder=folder).splitlines()
    agree, voxels, *labels, shower = told
    assert agree == "4 of 4 reference showers agree (layered)"
    assert voxels == "binning.xml: 17 voxels in the order of the outputs"
    assert [line.rpartition(": ")[2] for line in labels] == ["0.010000", "0.500000", "1.000000"]
    assert shower.startswith("a shower of ")
    assert shower.endswith(" voxels from 131072 MeV")


def test_lwtnn_gives_the_same_slice(
    lwtnn_library: LwtnnLibrary, any_compiler: Compiler, snippet_folder: SnippetFolder
) -> None:
    folder = snippet_folder("fastcalosim-v2", "lwtnn", "layered")
    options = lwtnn_library.options(folder, CLHEP)
    program = any_compiler.program([folder / "check_slice.cc"], **options)
    agree, voxels, *_ = run(program, folder=folder).splitlines()
    assert agree == "4 of 4 reference showers agree (layered)"
    assert voxels == "binning.xml: 17 voxels in the order of the outputs"


@pytest.fixture(scope="module")
def shower_program(
    any_compiler: Compiler, snippet_folder: SnippetFolder, onnxruntime: OnnxRuntime
) -> Path:
    """The program that prints voxels, for the ramp."""
    folder = snippet_folder("fastcalosim-v2", "onnx", "ramp")
    return any_compiler.program(
        [PROGRAMS / "fastcalosim_shower.cc"], includes=[folder, CLHEP], **onnxruntime.options
    )


def test_a_ramp_lands_in_its_voxels(shower_program: Path, snippet_folder: SnippetFolder) -> None:
    folder = snippet_folder("fastcalosim-v2", "onnx", "ramp")
    arguments = [folder / f"{ARTIFACT}.onnx", folder / "binning.xml"]
    done = subprocess.run([shower_program, *arguments], capture_output=True, text=True, check=False)
    first, *lines = done.stdout.splitlines()
    assert first == "ok: 17"
    rows = np.array([[float.fromhex(word) for word in line.split()] for line in lines[:17]])
    mesh = generators.layered().sampling.mesh  # type: ignore[union-attr]
    centres, index = mesh.centres(), mesh.indices()
    layers = np.array([one.id for one in mesh.layers])[index["z"]]  # type: ignore[attr-defined]
    np.testing.assert_array_equal(rows[:, 0], layers)
    np.testing.assert_allclose(rows[:, 1], centres["r_mm"])
    np.testing.assert_allclose(rows[:, 2], centres["phi_rad"], atol=1e-12)
    np.testing.assert_allclose(rows[:, 3], PHOTON_MEV * (np.arange(17) + 1) / 1000, rtol=1e-6)
    # outputs of -1, of 0, and a muon; then a binning with a latent less
    assert lines[17:] == ["negative energy: 0", "ok: 0", "no network: 0"]
    assert done.returncode == 1
    assert done.stderr == "ramp: got 5 latents, expected 6: set latentDim in binning.xml\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('n_bin_alpha="4"', 'n_bin_alpha="2"', "has 13 voxels, the network has 17 outputs"),
        ('latentDim="6"', 'latentDim="50"', "latentDim is 50, expected 6"),
        ('"0.0,5.0,20.0"', '"0.0,9.0,20.0"', "voxel 0 lies in layer 0 at r = 4.5"),
        ('id="2"', 'id="3"', "voxel 8 lies in layer 3"),
        ('id="0"', 'id="9"', "voxel 0 lies in layer 2"),  # layers are walked by number
        ('symmetriseAlpha="false"', 'symmetriseAlpha="true"', "voxel 0 lies in layer 0"),
        ('r_edges="0.0,5.0,20.0"', 'r_edges="0"', "has 9 voxels"),
        ('etaMin="20"', 'etaMin="25"', "has no layers for particle 22 at 22 hundredths of eta"),
        ('pid="22"', 'pid="11"', "has no layers for particle 22"),
        (' ganVersion="2"', "", "Bin has no ganVersion"),
        ('n_bin_alpha="3"', 'n_bin_alpha="three"', "n_bin_alpha of Layer is no number"),
    ],
)
def test_another_binning_is_refused_in_one_line(
    old: str,
    new: str,
    expected: str,
    check_slice: Path,
    snippet_folder: SnippetFolder,
    tmp_path: Path,
) -> None:
    folder = snippet_folder("fastcalosim-v2", "onnx", "layered")
    text = (folder / "binning.xml").read_text()
    assert old in text
    path = tmp_path / "binning.xml"
    path.write_text(text.replace(old, new))
    assert expected in refusal(check_slice, folder / f"{ARTIFACT}.onnx", path)


def test_another_manifest_is_refused_in_one_line(
    shower_program: Path, snippet_folder: SnippetFolder, tmp_path: Path
) -> None:
    folder = snippet_folder("fastcalosim-v2", "onnx", "layered")
    assert "belongs to manifest" in refusal(
        shower_program, folder / f"{ARTIFACT}.onnx", folder / "binning.xml"
    )
    model = onnx.load(folder / f"{ARTIFACT}.onnx")
    model.graph.input[1].name = "condition"
    path = tmp_path / "renamed.onnx"
    onnx.save(model, path)
    assert refusal(shower_program, path, folder / "binning.xml").startswith(f"{path}: ")


def test_bins_of_32_become_fewer_near_the_axis(any_compiler: Compiler, tmp_path: Path) -> None:
    source = """
    #include <cstdio>
    #include "voxels.h"
    int main(int, char** words) {
      for (const auto& voxel : fastcalosim::read_binning(words[1], -2212, 42).voxels) {
        std::printf("%d %g %.4f\\n", voxel.layer, voxel.r_low_mm, voxel.alpha_low_rad);
      }
    }"""
    path = tmp_path / "binning.xml"
    path.write_text(
        """<Bins><!-- <Layer id="7"/> --><Particle pid = '211' latentDim="3" symmetriseAlpha="true">
        <Bin regionId="1" etaMin="40" etaMax="45" ganVersion="1">
        <Layer id="12" r_edges="0,10,20,30,40" n_bin_alpha="32" />
        <Layer id="3" r_edges="0,10" n_bin_alpha="4"/>
        <Layer id="1" r_edges="0,1,2" n_bin_alpha="1"/></Bin></Particle></Bins>"""
    )
    lines = run(any_compiler.text(source, includes=[SHARED]), path).splitlines()
    # layer 3 has one ring and none is read; π·r/Δr is 1.6, 4.7, 7.9 and 11, hence 4, 8, 8 and 16
    assert lines[:2] == ["1 0 -3.1416", "1 1 -3.1416"]
    rings = [line.split()[1] for line in lines[2:]]
    assert [rings.count(radius) for radius in ("0", "10", "20", "30")] == [4, 8, 8, 16]
    assert lines[2:4] == ["12 0 0.0000", "12 0 0.7854"]
    assert len(lines) == 38
