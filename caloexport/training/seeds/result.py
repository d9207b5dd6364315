"""What a training with several seeds gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from caloexport.training.plan import Plan
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FINISHED, Ended
from caloexport.training.scoring.row import with_error
from caloexport.training.seeds.spread import Spread, over_seeds, spread

#: the observable whose rows stand in the table of energies, with the columns that it shows
TOTAL = "response"
TOTALS = {"mean_ratio": "E mean ratio", "width_ratio": "E width ratio", "chi2_ndf": "E χ²/ndf"}
#: rows in the table of those furthest off, with its columns
MOST = 10
FURTHEST = {"off": "off by", "mean_ratio": "mean ratio", "width_ratio": "width ratio"}


def entry(seed: int, job: Job, ended: Ended | None) -> dict[str, Any]:
    """Return the JSON of one seed; of one that has not ended, when ``ended`` is None."""
    found: dict[str, Any] = {"seed": seed, "run": str(job.folder)}
    if ended is None:
        return {**found, "how": "unfinished"}
    found["how"] = ended.how
    if ended.reason:
        found["reason"] = ended.reason
    names = (
        "score", "score_error", "score_floor", "score_floor_error", "updates", "best_updates",
        "seconds", "scores",
    )  # fmt: skip
    return found | {name: (ended.summary or {}).get(name) for name in names if ended.summary}


def result(plan: Plan, folder: Path, entries: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Return the result as JSON, schema ``caloexport.seeds/1``.

    Args:
        plan: of the first seed.
        folder: of all runs.
        entries: by seed.
    """
    finished = [one for one in entries.values() if one["how"] == FINISHED]
    best = min(finished, key=lambda one: one["score"], default=None)
    return {
        "schema": "caloexport.seeds/1",
        "folder": str(folder),
        "family": plan.family,
        "preset": plan.preset,
        "spread": "standard deviation over seeds, from n - 1",
        "score": spread(one["score"] for one in finished).to_json() if finished else None,
        "floor": best and best["score_floor"],
        "floor_error": best and best.get("score_floor_error"),  # none in results of old versions
        "best": best and {name: best[name] for name in ("seed", "run", "score", "score_error")},
        "rows": over_seeds([one["scores"] for one in finished]),
        "seeds": [entries[seed] for seed in sorted(entries)],
    }


def lacking(found: Mapping[str, Any]) -> str:
    """Say which seeds have no result; empty when all have."""
    failed = [str(one["seed"]) for one in found["seeds"] if one["how"] != FINISHED]
    if not failed:
        return ""
    return (
        f"no result for seed {', '.join(failed)}: the log of each is beside its run; "
        "--resume tries again"
    )


def tables(found: Mapping[str, Any]) -> Iterator[Any]:
    """Give what can be drawn of a result."""
    if found["score"]:
        yield energies_table(found)
        yield furthest_table(found)
    yield runs_table(found)


def runs_table(found: Mapping[str, Any]) -> Any:
    """Draw a line per seed, and the score over all."""
    from rich.table import Table

    drawn = Table(title="mean ± standard deviation over seeds")
    for column in ("seed", "score", "at updates", "of", "seconds", ""):
        drawn.add_column(column, justify="right" if column else "left")
    for one in found["seeds"]:
        if one["how"] == FINISHED:
            numbers = (one["best_updates"], one["updates"], f"{one['seconds']:.0f}")
            best = "best" if one["seed"] == found["best"]["seed"] else ""
            score = with_error(one["score"], one["score_error"])
            drawn.add_row(str(one["seed"]), score, *map(str, numbers), best)
        else:
            why = f"{one['how']}: {one['reason']}" if "reason" in one else one["how"]
            drawn.add_row(str(one["seed"]), "", "", "", "", why)
    if found["score"]:
        drawn.add_section()
        floor = with_error(found["floor"], found["floor_error"])
        floor = floor and f"a perfect generator: {floor}"
        drawn.add_row("all", str(Spread(**found["score"])), "", "", "", floor)
    return drawn


def energies_table(found: Mapping[str, Any]) -> Any:
    """Draw, for every energy, how the total energy compares: mean ± spread over the seeds."""
    from rich.table import Table

    drawn = Table(title="showers held back: generated against full simulation")
    columns = ("detector", "energy", "showers", *TOTALS.values())
    for column in columns:
        drawn.add_column(column, justify="left" if column == "detector" else "right")
    for row in found["rows"]:
        if row["observable"] == TOTAL:
            where = (row["geometry"], f"{row['energy_mev'] / 1000:.4g} GeV", str(row["showers"]))
            drawn.add_row(*where, *_texts(row, TOTALS))
    return drawn


def furthest_table(found: Mapping[str, Any]) -> Any:
    """Draw the rows that are furthest off, on average over the seeds."""
    from rich.table import Table

    told = [row for row in found["rows"] if "off" in row["over_seeds"]]
    told.sort(key=lambda row: -row["over_seeds"]["off"]["mean"])
    drawn = Table(title="furthest off (in tolerances); all others are in seeds.json")
    for column in ("detector", "energy", "observable", *FURTHEST.values()):
        drawn.add_column(column, justify="right" if column in FURTHEST.values() else "left")
    for row in told[:MOST]:
        name = row["observable"] if row["layer"] is None else f"{row['observable']} {row['layer']}"
        where = (row["geometry"], f"{row['energy_mev'] / 1000:.4g} GeV", name)
        drawn.add_row(*where, *_texts(row, FURTHEST))
    return drawn


def _texts(row: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    values = (row["over_seeds"].get(name) for name in names)
    return ["" if value is None else str(Spread(**value)) for value in values]
