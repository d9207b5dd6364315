"""The card of the model that made the generated sample: what its manifest says, and its speed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.report.html.conditions import model_conditions
from caloexport.report.speed import Speed
from caloexport.runtime.generator import Generator
from caloexport.runtime.mesh import n_cells

#: of the provenance, what is told; the rest is in the manifest
TOLD = ("family", "preset", "seed", "updates", "score", "licence", "created")


#: letters of a text that somebody else wrote
LONGEST = 600


def model_card(
    generator: Generator, path: Path, speed: Speed | None, weight_bytes: int | None = None
) -> list[tuple[str, str]]:
    """Return the card, a label and a text for each row.

    Args:
        generator: with sampling.
        path: of the artifact or run folder.
        speed: None leaves it out.
        weight_bytes: that are read for each shower; None leaves them out.
    """
    manifest, sampling = generator.manifest, generator.sampling
    assert sampling is not None
    weights = sum(w.size for node in generator.network.nodes for w in node.weights.values())
    noise = sampling.noise
    rows = [
        ("name", manifest.name),
        ("precision", manifest.precision),
        (
            "network",
            f"{weights:,} weights, {generator.n_in} inputs, {n_cells(sampling.mesh):,} cells",
        ),
        ("size on disk", f"{_size(path) / 1e6:.2f} MB"),
        *([] if weight_bytes is None else [("memory", _memory(weight_bytes, generator))]),
        ("latents", f"{noise.size}, {noise.law} ({noise.a:g}, {noise.b:g})"),
        *((f"trained {name}", text) for name, text in model_conditions(sampling.conditions)),
        ("output", f"{sampling.output.kind}, cells above {sampling.output.threshold_mev:g} MeV"),
        ("manifest", manifest.hash),
        *_provenance(manifest.provenance),
    ]
    if speed is not None:
        rows.append(("time per shower", _speed(speed)))
    return rows


def _memory(weight_bytes: int, generator: Generator) -> str:
    return (
        f"{weight_bytes / 1e6:.2f} MB of weights in {generator.arithmetic}, mapped from the file or "
        "kept; what a process adds to it, caloexport bench measures."
    )


def _speed(speed: Speed) -> str:
    return (
        f"{speed.median_us:.0f} µs, median (10 % to 90 %: {speed.p10_us:.0f} to {speed.p90_us:.0f}) of "
        f"{speed.calls} single showers through {speed.backend}. One short measurement while this "
        "report was made, caches hot; caloexport bench measures with care."
    )


def _provenance(provenance: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(key, _shortened(f"{provenance[key]}")) for key in TOLD if key in provenance]
    data = provenance.get("data")
    if isinstance(data, list):
        files = [
            f"{one.get('file')} ({one.get('showers')})" for one in data if isinstance(one, dict)
        ]
        rows.append(("trained on (showers)", _shortened(", ".join(files))))
    versions = provenance.get("versions")
    if isinstance(versions, dict):
        told = ", ".join(f"{name} {one}" for name, one in versions.items())
        rows.append(("made with", _shortened(told)))
    return rows


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _size(path: Path) -> int:
    parts = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in parts)
