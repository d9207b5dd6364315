"""What a training with several seeds gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import AnswerIsNo
from caloexport.training.plan import Plan
from caloexport.training.runs.job import Job
from caloexport.training.runs.messages import FINISHED, Ended
from caloexport.training.seeds.spread import Spread, about, over_seeds, spread

#: columns of a row of scores that the table leaves out: what they tell of one run, the spread
#: tells of all
ERRORS = ("error", "floor")


def entry(seed: int, job: Job, ended: Ended | None) -> dict[str, Any]:
    """Return the JSON of one seed; of one that has not ended, when ``ended`` is None."""
    found: dict[str, Any] = {"seed": seed, "run": str(job.folder)}
    if ended is None:
        return {**found, "how": "unfinished"}
    found["how"] = ended.how
    if ended.reason:
        found["reason"] = ended.reason
    names = ("score", "updates", "best_updates", "seconds", "scores")
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
        "best": best and {name: best[name] for name in ("seed", "run", "score")},
        "rows": over_seeds([one["scores"] for one in finished]),
        "seeds": [entries[seed] for seed in sorted(entries)],
    }


def require_all(found: Mapping[str, Any]) -> None:
    """Refuse a result in which a seed failed.

    Raises:
        AnswerIsNo: naming the seeds.
    """
    failed = [str(one["seed"]) for one in found["seeds"] if one["how"] != FINISHED]
    if failed:
        message = f"no result for seed {', '.join(failed)}"
        hint = "the log of each is beside its run; --resume tries again"
        raise AnswerIsNo(message, where=found["folder"], hint=hint)


def tables(found: Mapping[str, Any]) -> Iterator[Any]:
    """Give what can be drawn of a result."""
    if found["score"]:
        yield scores_table(found)
    yield runs_table(found)


def runs_table(found: Mapping[str, Any]) -> Any:
    """Draw a line per seed, and the score over all."""
    from rich.table import Table

    drawn = Table(title="seeds")
    for column in ("seed", "score", "at updates", "of", "seconds", ""):
        drawn.add_column(column, justify="right" if column else "left")
    for one in found["seeds"]:
        if one["how"] == FINISHED:
            numbers = (one["best_updates"], one["updates"], f"{one['seconds']:.0f}")
            best = "best" if one["seed"] == found["best"]["seed"] else ""
            drawn.add_row(str(one["seed"]), f"{one['score']:.4g}", *map(str, numbers), best)
        else:
            why = f"{one['how']}: {one['reason']}" if "reason" in one else one["how"]
            drawn.add_row(str(one["seed"]), "", "", "", "", why)
    if found["score"]:
        drawn.add_section()
        drawn.add_row("all", str(Spread(**found["score"])))
    return drawn


def scores_table(found: Mapping[str, Any]) -> Any:
    """Draw mean ± spread over the seeds of every row of scores."""
    from rich.table import Table

    rows = found["rows"]
    n = found["score"]["n"]
    drawn = Table(title=f"mean ± standard deviation over {n} seeds, showers held back")
    names = list(about(rows[0]))
    numbers = [name for name in rows[0]["over_seeds"] if not name.endswith(ERRORS)]
    for name in (*names, *numbers):
        drawn.add_column(name.replace("_", " "), justify="left" if name in names else "right")
    for row in rows:
        values = (row["over_seeds"].get(name) for name in numbers)
        texts = ["" if value is None else str(Spread(**value)) for value in values]
        drawn.add_row(*(_short(row.get(name, "")) for name in names), *texts)
    return drawn


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
