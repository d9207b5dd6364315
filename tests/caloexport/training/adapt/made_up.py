"""Courses that were never trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.training.adapt.courses import Course
from caloexport.training.adapt.outcome import PUBLISHED, SCHEMA
from caloexport.training.adapt.place import Distances, Place
from caloexport.training.adapt.reached import DISTANCES, ratio, reached
from caloexport.validation.estimate import Estimate


def place(updates: int, *values: float, fpd: float | None = None) -> Place:
    """Make a place with a longitudinal distance by energy, 1 MeV, 2 MeV, …"""

    def by_energy(shift: float) -> dict[float, Estimate]:
        return {i: Estimate(v + shift, 0.01, 0.005) for i, v in enumerate(values, start=1)}

    distance = None if fpd is None else Estimate(fpd, 0.02, 0.1)
    return Place(
        updates, updates / 100, Distances(by_energy(0), by_energy(0.1), by_energy(1), distance, {})
    )


def course(arm: str, seed: int, *places: tuple[int, float]) -> Course:
    """Make a course on 100 showers of one energy."""
    made = [place(updates, value, fpd=10 * value) for updates, value in places]
    return Course(arm, 100, seed, made)


def told(courses: Sequence[Course], updates: int) -> dict[str, Any]:
    """Return what a comparison's JSON has of courses, as far as tables read it."""
    pairs = dict.fromkeys((one.arm, one.showers) for one in courses)
    return {
        "published": PUBLISHED,
        "updates": updates,
        "schema": SCHEMA,
        "machine": {"processor": "a processor", "threads": 1, "side_by_side": [1, 2]},
        "test": {
            "fpd": {"floor": 0.1, "floor_error": 0.02, "features": "short", "n_features": 26,
                    "showers": 300, "energies": "all together"},
        },
        "reached": [
            {"arm": arm, "showers": n, "distance": d, **vars(reached(courses, arm, n, d))}
            | ({} if arm == "from scratch"
               else {"from_scratch_needs": vars(ratio(courses, arm, n, d))})
            for arm, n in pairs
            for d in DISTANCES
        ],
        "courses": [
            {"arm": one.arm, "showers": one.showers, "seed": one.seed,
             "places": [place.to_json() for place in one.places]}
            for one in courses
        ],
    }  # fmt: skip
