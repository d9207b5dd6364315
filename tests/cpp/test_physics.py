"""The physics header computes what the Python runtime computes."""

from __future__ import annotations

import json
import math
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.cpp.facts import facts_of
from caloexport.converters.cpp.physics import physics_headers
from caloexport.converters.cpp.references import STEPS, reference_showers
from caloexport.converters.cpp.templates import render
from caloexport.runtime.conditions import POLICIES, Condition
from caloexport.runtime.encodings import Encoding, Term
from caloexport.runtime.errors import CaloexportError, OutOfRange
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer, n_cells
from caloexport.runtime.network import Network
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.output_maps import OutputMap, output_maps
from caloexport.runtime.vectors import spread
from tests.cpp import generators
from tests.cpp.compiling import Compiler, run
from tests.networks import dense

pytestmark = pytest.mark.system

PROGRAMS = Path(__file__).parent / "programs"
ENERGY = Condition("energy_mev", 100.0, 64_000.0)
LAYERS = (
    MeshLayer(0, (0.0, 1.0, 5.0), 3),
    MeshLayer(12, (0.0, 2.0), 4),
    MeshLayer(3, (0.0, 9.0), 1),
)


def generator(name: str) -> Generator:
    """Return a generator with one layer, for its physics."""
    if name in generators.GENERATORS:
        return generators.GENERATORS[name]()
    noise, terms, output, mesh = {
        "shares": (
            NoiseLaw(5, "uniform", -1.0, 1.0),
            (Term("standardised_log", "energy_mev", {"mean": 9.704, "sigma": 1.761}),),
            OutputMap("layer_fractions", {"total_scale": 6.0}, 0.01),
            LayeredMesh(LAYERS),
        ),
        "absolute": (
            NoiseLaw(1, "normal", 0.5, 0.5),
            (Term("constant", "energy_mev", {"value": 0.25}),),
            OutputMap("absolute", {"unit_mev": 1000.0}, 200.0),
            CylinderMesh(3, 4, 5, None, None, ("z", "phi", "r"), 0.0),
        ),
    }[name]
    physics = Sampling(noise, (ENERGY,), Encoding(terms), output, mesh)
    width = output_maps[output.kind].n_outputs(mesh, output.parameters)
    network = Network(
        {"x": (physics.width,)}, [dense("cells", "x", physics.width, width)], ["cells"]
    )
    return Generator.from_network(network, physics, name=name)


def write(generator: Generator, folder: Path) -> None:
    """Write the headers as ``caloexport snippets`` does."""
    facts = facts_of(generator.manifest, reference_showers(generator.manifest, generator))
    texts = physics_headers(facts)
    texts["generator.h"] = render("snippets/generator.h.jinja", {"g": facts})
    for name, text in texts.items():
        (folder / name).write_text(text)


@pytest.mark.parametrize("name", ["cylinder", "layered", "shares", "absolute"])
def test_physics_is_that_of_the_runtime(name: str, compiler: Compiler, tmp_path: Path) -> None:
    one = generator(name)
    write(one, tmp_path)
    program = compiler.program(
        [PROGRAMS / "physics.cc"], includes=[tmp_path], flags=["-march=native"], optimisation="-O2"
    )
    found: dict[str, list[list[float]]] = defaultdict(list)
    for line in run(program).splitlines():
        what, *numbers = line.split()
        found[what].append([float.fromhex(number) for number in numbers])
    physics = one.sampling
    assert physics is not None
    given = {c.name: spread(c, k)[list(STEPS)] for k, c in enumerate(physics.conditions)}
    assert found["latents"] == physics.noise.draw(4, 1).tolist()
    np.testing.assert_allclose(found["encoded"], physics.encoding.encode(given), rtol=1e-7)
    n_out = one.network.n_outputs
    outputs = np.tile((np.arange(n_out) * 37 % 101 / np.float32(101)).astype("f4"), (4, 1))
    energies = physics.output.energies(outputs, given["energy_mev"], physics.mesh)
    np.testing.assert_allclose(found["energies"], energies, rtol=2e-7)
    assert (np.array(found["energies"]) == 0).any()
    drawn = physics.noise
    law = (drawn.a, drawn.b) if drawn.law == "normal" else (drawn.a, drawn.b - drawn.a)
    np.testing.assert_allclose(found["drawn"], [[law[0] + 0.25 * law[1]] * drawn.size], rtol=1e-7)
    _check_positions(found, physics)


def _check_positions(found: dict[str, list[list[float]]], physics: Sampling) -> None:
    mesh = physics.mesh
    cells = np.arange(n_cells(mesh))
    if isinstance(mesh, CylinderMesh) and mesh.dr_mm is None:
        assert np.isnan(found["r"]).all()
        assert np.isnan(found["z"]).all()
    else:
        centres = mesh.centres()
        np.testing.assert_allclose(found["r"][0], centres["r_mm"])
        np.testing.assert_allclose(found["phi"][0], centres["phi_rad"], atol=1e-12)
        depth = centres.get("z_mm", np.full(cells.size, math.nan))
        np.testing.assert_allclose(found["z"][0], depth)
    np.testing.assert_allclose(np.subtract(*found["phi"]), mesh.phi_origin_rad, atol=1e-12)
    layer = mesh.indices()["z"]
    if isinstance(mesh, LayeredMesh):
        layer = np.array([one.id for one in mesh.layers])[layer]
    assert found["layer"][0] == layer.tolist()


@pytest.mark.parametrize("flags", [[], ["-ffast-math"]], ids=["exact", "fast"])
def test_conditions_are_admitted_as_by_the_runtime(
    compiler: Compiler, flags: list[str], tmp_path: Path
) -> None:
    one = generators.cylinder()
    write(one, tmp_path)
    physics = one.sampling
    assert physics is not None
    energy, theta = physics.conditions[:2]
    program = compiler.program([PROGRAMS / "admit.cc"], includes=[tmp_path], flags=flags)
    numbers = [-1.0, 0.0, 999.0, 1e3, 1e3 - 5e-4, 1.024e6, 1.024e6 + 2, 1e9, math.inf, math.nan]
    cases = [(policy, x, 1.2, 1) for policy in range(3) for x in numbers]
    cases += [(policy, 5e3, x, 0) for policy in range(3) for x in (0.0, 1.6, -math.inf)]
    text = "".join(f"{p} {e.hex()} {t.hex()} {g}\n" for p, e, t, g in cases)
    text += f"0 {(5e3).hex()} {(1.2).hex()} 2\n0 {(5e3).hex()} {(1.2).hex()} -1\n"
    done = subprocess.run(
        [program], input=text, capture_output=True, text=True, check=True, timeout=5
    )
    *lines, no_category, unset, forgotten = done.stdout.splitlines()
    for line, (policy, e, t, _) in zip(lines, cases, strict=True):
        status, *values = line.split()
        try:
            expected = [
                float(condition.admit(np.array([x]), POLICIES[policy])[0])  # type: ignore[arg-type]
                for condition, x in ((energy, e), (theta, t))
            ]
        except OutOfRange:
            assert status == "1"
        except CaloexportError as error:
            assert status == ("3" if "negative" in error.message else "2")
        else:
            assert status == "0"
            assert [float.fromhex(value) for value in values] == expected
    assert no_category.split()[0] == unset.split()[0] == "4"
    assert forgotten == "a condition was not set, or is not a finite number"


def test_another_artifact_is_refused(any_compiler: Compiler, tmp_path: Path) -> None:
    write(generators.cylinder(), tmp_path)
    program = any_compiler.text(
        """
        #include <cstdio>
        #include "generator.h"
        int main(int, char** argv) {
          try {
            generator::require_manifest(argv[1]);
          } catch (const std::exception& error) {
            std::puts(error.what());
            return 1;
          }
        }
        """,
        includes=[tmp_path],
    )
    own, other = tmp_path / "own.json", tmp_path / "other.json"
    for path, made in ((own, generators.cylinder()), (other, generators.layered())):
        path.write_text(json.dumps({"caloexport": {"manifest_sha256": made.manifest.hash}}))
    run(program, own)
    told = run(program, other, status=1)
    assert "belongs to manifest" in told
    assert len(told.splitlines()) == 1
    assert "carries no manifest hash" in run(program, PROGRAMS / "admit.cc", status=1)
    assert "cannot be read" in run(program, tmp_path / "absent", status=1)
    assert "cannot be read" in run(program, tmp_path, status=1)
