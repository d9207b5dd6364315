"""How a decoder came about, for its card: data, settings, updates, score."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.units import format_energy
from caloexport.training.adapt.new_detector import CONDITIONS, free_columns
from caloexport.training.data import TrainingData
from caloexport.training.extra_sections import META
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.plan import Plan
from caloexport.training.scoring.row import with_error
from caloexport.training.settings import read_section


def recipe(plan: Plan, run: Path, data: TrainingData, generator: Generator) -> dict[str, Any]:
    """Return what a card's text names in braces.

    Args:
        plan: of the run.
        run: its folder.
        data: that it was trained on.
        generator: as published.

    Raises:
        InputFileError: the run's history does not tell of the decoder.
    """
    provenance = generator.manifest.provenance
    lines = (run / "history.jsonl").read_text(encoding="utf-8").splitlines()
    history = [json.loads(line) for line in lines]
    ranking = json.loads((run / "ranking.json").read_text(encoding="utf-8"))
    best = next((row for row in history if row["updates"] == provenance["updates"]), None)
    if best is None:
        message = f"tells nothing of the decoder, which is that of update {provenance['updates']}"
        raise InputFileError(message, where=str(run / "history.jsonl"))
    sampling = generator.sampling
    conditions = {c.name: c for c in sampling.conditions} if sampling else {}
    energy, theta = conditions["energy_mev"], conditions.get("theta_rad")
    return {
        "files": files_table(provenance["data"]),
        "low": format_energy(energy.low or 0.0),
        "high": format_energy(energy.high or 0.0),
        "theta_low": np.degrees((theta and theta.low) or 0.0),
        "theta_high": np.degrees((theta and theta.high) or 0.0),
        "preset": plan.preset,
        "seed": plan.seed,
        "batch": plan.schedule.batch,
        "first_rate": f"{plan.schedule.learning_rate:g}",
        "final_rate": f"{plan.schedule.final_learning_rate:g}",
        "updates": _thousands(history[-1]["updates"]),
        "epochs": f"{history[-1]['epoch']:.0f}",
        "best_updates": _thousands(best["updates"]),
        "minutes": f"{history[-1]['seconds'] / 60:.0f}",
        "showers": len(data.training),
        "held_back": len(data.scoring),
        "score": with_error(provenance["score"], provenance.get("score_error")),
        "floor": with_error(ranking["floor"], ranking.get("floor_error")),
        "best": best,
        "config": plan.config,
        "weights": f"{generator.network.parameters / 1e6:.2f} million",
        "scores": scores_table(json.loads((run / "scores.json").read_text(encoding="utf-8"))),
        "versions": ", ".join(f"{k} {v}" for k, v in provenance["versions"].items()),
        **_of_meta_model(plan, ranking["ranking"][0], conditions),
    }


def _of_meta_model(
    plan: Plan, lowest: Mapping[str, Any], conditions: Mapping[str, Condition]
) -> dict[str, Any]:
    """Return what the card of a meta-model names besides.

    Args:
        plan: of the run.
        lowest: row of the ranking.
        conditions: of the decoder, by name.
    """
    geometry = conditions.get("geometry")
    return {
        "meta": read_section(MetaSettings, plan.config.get(META, {}), f"[{META}]"),
        "lowest": with_error(lowest["score"], lowest["error"]),
        "lowest_updates": _thousands(lowest["updates"]),
        "detectors": ", ".join(geometry.categories) if geometry else "one",
        "free": ", ".join(map(str, free_columns(plan.config.get(CONDITIONS, {})))) or "none",
        "angles": _angles(conditions.get("theta_rad")),
    }


def _angles(theta: Condition | None) -> str:
    """Write a range of polar angles.

    >>> _angles(Condition("theta_rad", np.pi / 3, np.pi / 2)), _angles(Condition("theta_rad", 1.571, 1.571))
    ('60° to 90°', '90°')
    """
    ends = (theta.low, theta.high) if theta else (None, None)
    told = [f"{np.degrees(end):.0f}°" for end in ends if end is not None]
    return " to ".join(dict.fromkeys(told))


def _thousands(number: int) -> str:
    """Write a number in groups of three digits.

    >>> _thousands(32000)
    '32 000'
    """
    return f"{number:,}".replace(",", " ")


def files_table(files: Sequence[Mapping[str, Any]]) -> str:
    """Return a row for each file that was trained on.

    >>> print(files_table([{"file": "siw.h5", "geometry": ["siw"], "showers": 8, "sha256": "0a" * 32,
    ...                     "dr_mm": 2.325, "dz_mm": 3.4}]))
    | file | detector | showers | cell Δr × Δz [mm] | sha256 |
    | --- | --- | --- | --- | --- |
    | siw.h5 | siw | 8 | 2.325 × 3.4 | `0a0a0a0a0a0a0a0a` |
    """
    sized = any(one["dr_mm"] is not None for one in files)
    headings = ["file", "detector", "showers", *(["cell Δr × Δz [mm]"] if sized else []), "sha256"]
    rows = [headings, ["---"] * len(headings)]
    for one in files:
        size = [f"{one['dr_mm']:g} × {one['dz_mm']:g}"] if sized else []
        hashed = f"`{one['sha256'][:16]}`"
        rows.append([one["file"], ", ".join(one["geometry"]), str(one["showers"]), *size, hashed])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def scores_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a row for each observable: how far it is off, on average and at its worst.

    Args:
        rows: of ``scores.json``.

    >>> print(scores_table([{"observable": "depth", "off": 0.5, "energy_mev": 1e3, "layer": None},
    ...                     {"observable": "depth", "off": 1.5, "energy_mev": 8e3, "layer": 2}]))
    | observable | mean | worst | where |
    | --- | ---: | ---: | --- |
    | depth | 1.00 | 1.50 | 8 GeV, layer 2 |
    """
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["off"] is not None:
            grouped[row["observable"]].append(row)
    lines = ["| observable | mean | worst | where |", "| --- | ---: | ---: | --- |"]
    means = {name: float(np.mean([row["off"] for row in of])) for name, of in grouped.items()}
    for name in sorted(means, key=means.__getitem__):
        worst = max(grouped[name], key=lambda row: row["off"])
        where = format_energy(worst["energy_mev"])
        where += "" if worst["layer"] is None else f", layer {worst['layer']}"
        lines.append(f"| {name} | {means[name]:.2f} | {worst['off']:.2f} | {where} |")
    return "\n".join(lines)
