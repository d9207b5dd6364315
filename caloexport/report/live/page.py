"""Put the live page together: one file that needs no network and runs no text as code.

What a manifest says is text of an unknown author. It enters the page as JSON without ``<``, or
escaped, and the scripts only ever show it as text. The policy in the page's head lets the browser
run the one script and use the one style sheet whose hashes it names, and load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from caloexport.converters.open import open_model
from caloexport.report.html.bundle import bundle
from caloexport.report.html.embedded import embedded
from caloexport.report.live.controls import alignments, controls
from caloexport.report.live.description import (
    describe_network,
    describe_sampling,
    require_sampling,
)
from caloexport.report.live.weights import WeightBytes
from caloexport.runtime.errors import CaloexportError
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import Mesh
from caloexport.validation.projections import axis_edges, cell_bins, has_radius

SCRIPT = "live/scripts/live.js"
STYLES = ("style.css", "live/live.css")


def page_of(path: Path, given: Mapping[str, Any], seed: int = 0) -> str:
    """Return the live page of a model: an artifact, a run folder, or any other with its physics.

    Arguments and errors are those of :func:`live_page`, which name the file here, and those of
    opening a model.
    """
    generator = open_model(path, backend="numpy")
    try:
        return live_page(generator, path.resolve().name, given, seed)
    except CaloexportError as error:
        error.where = error.where or str(path)
        raise


def write_page(page: str, path: Path) -> None:
    """Write a page whole, or not at all.

    Raises:
        OutputFileError: the place cannot be written.
    """
    with atomic_output(path) as temporary:
        # names of files may hold bytes that are no letters
        temporary.write_text(page, encoding="utf-8", errors="replace")


def live_page(generator: Generator, file_name: str, given: Mapping[str, Any], seed: int = 0) -> str:
    """Return the live page of a decoder as HTML.

    Args:
        generator: with sampling.
        file_name: of its artifact, for the command that the page shows.
        given: conditions that the page begins with, by name.
        seed: that it begins with.

    Raises:
        UnsupportedError: a bare network, or one with a layer that the evaluator does not have.
        UsageError, OutOfRange: a condition that the generator does not take.
    """
    sampling = require_sampling(generator)
    weights = WeightBytes(generator.network, generator.arithmetic)
    data = {
        "file": file_name,
        "seed": str(seed),  # JSON's numbers end at 2^53
        "mesh": sampling.mesh.to_json(),
        "conditions": controls(sampling, given),
        "alignment": alignments(sampling),
        "profiles": _profiles(sampling.mesh),
        "decoder": {
            **describe_network(generator.network, generator.arithmetic, weights),
            **describe_sampling(sampling),
        },
    }
    folder = files("caloexport.report")
    style = "\n".join(folder.joinpath(name).read_text("utf-8") for name in STYLES)
    script = bundle(SCRIPT)
    return Template(folder.joinpath("live/live.html").read_text("utf-8")).substitute(
        policy=_policy(script, style),
        name=html.escape(generator.manifest.name),
        lead=html.escape(_lead(generator)),
        about=html.escape(_about(generator)),
        style=style,
        script=script,
        data=embedded(data),
        weights=base64.b64encode(weights.content).decode("ascii"),
    )


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _profiles(mesh: Mesh) -> list[dict[str, Any]]:
    """Return the axes along which the page sums energies; ``bins`` has one number per cell."""
    titles = {"z": ("Energy by depth", "depth"), "r": ("Energy by radius", "radius")}
    profiles = []
    for axis, (title, quantity) in titles.items():
        if axis == "r" and not has_radius(mesh):
            continue
        edges, unit = axis_edges(mesh, axis)
        told = {"title": title, "quantity": quantity, "unit": unit, "edges": edges.tolist()}
        profiles.append(told | {"bins": cell_bins(mesh, axis).tolist()})
    return profiles


def _lead(generator: Generator) -> str:
    cells = " × ".join(map(str, require_sampling(generator).mesh.shape))
    return (
        f"Showers of {cells} cells, decoded in this page from {generator.network.parameters:,} "
        f"weights in {generator.arithmetic}."
    )


def _about(generator: Generator) -> str:
    threshold = require_sampling(generator).output.threshold_mev
    cut = f" Cells below {threshold:g} MeV count as zero." if threshold else ""
    return f"Manifest sha256 {generator.manifest.hash}.{cut}"
