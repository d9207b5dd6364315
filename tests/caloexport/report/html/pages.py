"""Reports of small samples, made in no time."""

from __future__ import annotations

import numpy as np

from caloexport.report.html.comparison_page import ComparisonPage, Context, comparison_page
from caloexport.report.html.sources import Source
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from caloexport.validation.profile import load_profile
from caloexport.validation.verdict import Verdict, judge

MESH = CylinderMesh(4, 6, 5, 2.0, 3.0)
ENERGIES = (1e3, 4e3)
#: breaks out of scripts, attributes and texts that are not escaped
EVIL = '</script><script>alert("1")</script><b>&'


def cylinder_showers(
    seed: int,
    name: str = "cylinder",
    n: int = 40,
    energies_mev: tuple[float, ...] = ENERGIES,
    mesh: CylinderMesh = MESH,
) -> Showers:
    """Make n showers of each energy, at 60° and 90° in turn."""
    random = np.random.default_rng(seed)
    energy = np.repeat(energies_mev, n)
    theta = np.resize(np.radians([60.0, 90.0]), len(energy))
    depth, radius = np.arange(mesh.n_z), np.arange(mesh.n_r)
    mean = np.exp(-radius)[:, None, None] * (depth + 1) * np.exp(-depth / 2) / 30
    cells = random.gamma(2.0, np.broadcast_to(mean, mesh.shape), (len(energy), *mesh.shape)) / 2
    cells[cells < 0.002] = 0
    cells *= energy[:, None, None, None]
    conditions = {"energy_mev": energy, "theta_rad": theta}
    made = from_arrays(cells.astype(np.float32), mesh, conditions)
    made.name = name
    return made


def made_page(reference: Showers, generated: Showers) -> tuple[ComparisonPage, Verdict]:
    """Compare two samples and gather a page of them."""
    page = comparison_page(reference, generated)
    verdict = judge(reference, generated, load_profile(), watches=page.watches)
    page.read_showers(reference, generated, verdict)
    return page, verdict


def context(name: str = "b.h5") -> Context:
    """Return a context with names of files and a card."""
    sources = [
        Source("reference", "a.h5", [("a.h5", "0" * 64)], 80, [("energy", "1 GeV, 4 GeV")]),
        Source("generated", name, [(name, "1" * 64)], 80, [("energy", "1 GeV, 4 GeV")]),
    ]
    return Context(sources, [("caloexport", "0")], "default", [("name", name)])
