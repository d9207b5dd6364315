"""Publish a run: decoder, manifest and a model card with physics on the showers held back.

python -m caloexport.training.model_card RUN -o models/NAME
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.files import atomic_output
from caloexport.runtime.generator import Generator
from caloexport.training.data import TrainingData, load
from caloexport.training.plan import Plan, resumed_plan
from caloexport.validation.estimate import Estimate

#: centres of the energy windows and the factor that they reach to either side
WINDOWS_GEV = (2.0, 10.0, 50.0)
WINDOW_FACTOR = 1.5
#: generated showers for each one held back, so that the generator's own statistics hardly count
COPIES = 8
SEED = 1_000_003  # not the one that the epoch was picked with
#: cell energies above which cells are counted: the blur of a VAE shows at both ends
CELL_THRESHOLDS_MEV = (0.0005, 1.0, 10.0, 100.0)

Selection = tuple[str, float | None, str, Array]


def selections(data: TrainingData) -> Iterator[Selection]:
    """Give (detector, energy or None, angle, numbers of showers held back) of every table row."""
    angle_deg = np.degrees(data.theta_rad).round().astype(int)
    for geometry in sorted(set(map(str, data.geometry))):
        here = data.held_back & (data.geometry == geometry)
        for centre in WINDOWS_GEV:
            near = np.abs(np.log(data.energy_mev / (1000 * centre))) < np.log(WINDOW_FACTOR)
            yield geometry, centre, "90°", np.flatnonzero(here & near & (angle_deg == 90))
        for angle in sorted(set(angle_deg[here & (angle_deg != 90)].tolist())):
            yield geometry, None, f"{angle}°", np.flatnonzero(here & (angle_deg == angle))


def compare_row(data: TrainingData, generator: Generator, chosen: Array) -> dict[str, Any]:
    """Compare some showers held back with ``COPIES`` times as many generated ones."""
    from caloexport.showers.showers import from_arrays
    from caloexport.validation.measurement import measure
    from caloexport.validation.summary import summary

    energy = data.energy_mev[chosen]
    real = data.showers.dense(chosen) * energy[:, None].astype(np.float32)
    given = np.repeat(chosen, COPIES)
    conditions: dict[str, Any] = {
        "energy_mev": data.energy_mev[given],
        "theta_rad": data.theta_rad[given],
        "geometry": data.geometry[given],
    }
    known = {c.name for c in generator.sampling.conditions} if generator.sampling else set()
    made = generator.sample(
        len(given), seed=SEED, **{k: v for k, v in conditions.items() if k in known}
    )
    shape = data.mesh.shape
    samples = [
        from_arrays(real.reshape(-1, *shape), data.mesh, {"energy_mev": energy}),
        from_arrays(made, data.mesh, {"energy_mev": conditions["energy_mev"]}),
    ]
    usual, found = map(measure, samples)
    (window,) = summary(usual, found, [(0.0, np.inf)])["windows"]
    made = made.reshape(len(given), -1)
    return {
        "showers": len(chosen),
        **window["metrics"],
        "spread": _spread(real, energy),
        "generated_spread": _spread(made, conditions["energy_mev"]),
        "depth": _depth_spread(found.longitudinal) / _depth_spread(usual.longitudinal),
        "cells": [
            float((made > cut).mean() / max((real > cut).mean(), 1e-12))
            for cut in CELL_THRESHOLDS_MEV
        ],
        "hottest": float(
            (made.max(axis=1) / conditions["energy_mev"]).mean()
            / (real.max(axis=1) / energy).mean()
        ),
    }


def _spread(cells: Float32, energy_mev: Array) -> float:
    response = cells.sum(axis=1, dtype=np.float64) / energy_mev
    return float(response.std() / response.mean())


def _depth_spread(layers: Array) -> float:
    """Return the spread over showers of the energy-weighted mean layer."""
    return float((layers @ np.arange(layers.shape[1]) / layers.sum(axis=1)).std())


def tables(data: TrainingData, generator: Generator) -> str:
    """Return the physics tables as Markdown."""
    first = [
        "| detector | energy | angle | showers | response ratio | longitudinal L1 | lateral L1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    cuts = " | ".join(f"cells > {cut:g} MeV" for cut in CELL_THRESHOLDS_MEV)
    second = [
        f"| detector | energy | angle | σ(E)/E | generated | {cuts} | hottest cell | σ(depth) |",
        "| --- " * (7 + len(CELL_THRESHOLDS_MEV)) + "|",
    ]
    for geometry, centre, angle, chosen in selections(data):
        if not len(chosen):
            continue
        row = compare_row(data, generator, chosen)
        energy = "1–64 GeV" if centre is None else f"{centre:g} GeV"
        where = f"| {geometry} | {energy} | {angle}"
        names = ("response_ratio", "longitudinal_l1", "lateral_l1")
        first.append(
            f"{where} | {row['showers']} | {' | '.join(str(Estimate(**row[n])) for n in names)} |"
        )
        ratios = " | ".join(
            f"{value:.2f}" for value in (*row["cells"], row["hottest"], row["depth"])
        )
        second.append(f"{where} | {row['spread']:.2%} | {row['generated_spread']:.2%} | {ratios} |")
    return "\n".join(first) + "\n\n" + "\n".join(second)


def card(plan: Plan, run: Path, data: TrainingData, generator: Generator) -> str:
    """Return the model card as Markdown."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    provenance = manifest["provenance"]
    history = [json.loads(x) for x in (run / "history.jsonl").read_text("utf-8").splitlines()]
    best = next(row for row in history if row["updates"] == provenance["updates"])
    text = (Path(__file__).parent / "model_card.md").read_text(encoding="utf-8")
    conditions = {c.name: c for c in generator.sampling.conditions} if generator.sampling else {}
    energy, theta = conditions["energy_mev"], conditions["theta_rad"]
    low, high = energy.low or 0.0, energy.high or 0.0
    return text.format(
        name=run.resolve().name,
        files="\n".join(
            f"| {f['file']} | {', '.join(f['geometry'])} | {f['showers']} | {f['dr_mm']:g} "
            f"| {f['dz_mm']:g} | `{f['sha256'][:16]}` |"
            for f in provenance["data"]
        ),
        low=low / 1000,
        high=high / 1000,
        theta_low=np.degrees(theta.low or 0.0),
        theta_high=np.degrees(theta.high or 0.0),
        preset=plan.preset,
        beta=plan.config["loss"]["beta"],
        batch=plan.schedule.batch,
        first_rate=plan.schedule.learning_rate,
        final_rate=plan.schedule.final_learning_rate,
        updates=history[-1]["updates"],
        epochs=history[-1]["epoch"],
        best=best["updates"],
        minutes=history[-1]["seconds"] / 60,
        showers=len(data.training),
        held_back=len(data.scoring),
        seed=plan.seed,
        score=provenance["score"],
        validation_loss=best["validation_loss"],
        kl=best["validation_kl"],
        copies=COPIES,
        factor=WINDOW_FACTOR,
        tables=tables(data, generator),
        versions=", ".join(f"{k} {v}" for k, v in provenance["versions"].items()),
    )


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
def main(run: Path, output: Path) -> None:
    """Copy the decoder of RUN and its manifest to a new folder, and write its model card."""
    from caloexport.converters.open import open_model

    plan = resumed_plan(run)
    data = load(plan.data, plan.schedule.held_back)
    content = card(plan, run, data, open_model(run))
    with atomic_output(output, folder=True) as folder:
        for name in ("decoder.keras", "manifest.json"):
            shutil.copyfile(run / name, folder / name)
        (folder / "MODEL_CARD.md").write_text(content, encoding="utf-8")
    click.echo(output)


if __name__ == "__main__":
    main()
