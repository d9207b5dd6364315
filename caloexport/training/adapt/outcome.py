"""What a comparison leaves beside the courses: its JSON and its pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from caloexport.bench.machine import processor
from caloexport.converters.json_object import read_json_object
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import atomic_output
from caloexport.training.adapt.arms import SCRATCH, Arm, alike
from caloexport.training.adapt.course import grid
from caloexport.training.adapt.courses import Course
from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.adapt.reached import DISTANCES, ratio, reached
from caloexport.training.adapt.table import comparison_markdown
from caloexport.training.run_folder import versions

SCHEMA = "caloexport.adapt-compare/1"
NAME, SUMMARY = "comparison.json", "comparison-summary.json"
#: what MetaHEP publishes, and why the two do not compare
PUBLISHED = (
    "MetaHEP: PbWO4 very good after 360 steps (18 s on a CPU); 400 steps take 20.48 s, 51 ms each, "
    "against 1200 s, 3 s each, for 400 steps of a training from scratch of the same network: these "
    "are epochs, not updates, so that the published 527 compares unlike steps "
    "(Phys. Lett. B 844 (2023) 138079)"
)


def write_outcome(
    courses: Sequence[Course], arms: Sequence[Arm], test: HeldOut, folder: Path
) -> dict[str, Any]:
    """Write JSON, whole and without the way, and pictures; return the whole JSON.

    Args:
        courses: of :func:`~caloexport.training.adapt.compare.compare`.
        arms: that were compared.
        test: what they were held against.
        folder: that the courses are in.

    Raises:
        OutputFileError: the folder cannot be written.
        MissingDependency: the pictures need matplotlib.
    """
    from caloexport.training.adapt.picture import write_pictures

    told = to_json(courses, arms, test)
    for name, content in ((NAME, told), (SUMMARY, summary(told))):
        text = json.dumps(content, indent=1, allow_nan=False) + "\n"
        with atomic_output(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    write_pictures(courses, PUBLISHED, folder)
    return told


def to_json(courses: Sequence[Course], arms: Sequence[Arm], test: HeldOut) -> dict[str, Any]:
    """Return all courses, what they have in common, and when distances were reached."""
    pairs = list(dict.fromkeys((one.arm, one.showers) for one in courses))
    plan = arms[0].plan
    jobs = sorted({one.jobs for one in courses})
    return {
        "schema": SCHEMA,
        "machine": {
            "processor": processor(),
            "threads": plan.threads,
            "side_by_side": jobs,
            "versions": versions(),
        },
        "published": PUBLISHED,
        "updates": plan.schedule.updates,
        "looks": sorted(set(grid(plan.schedule.updates))),
        "alike": alike(plan),
        "arms": list({arm.name: arm.to_json() for arm in arms}.values()),
        "test": test.to_json(),
        "reached": [
            _reached(courses, arm, n, distance) for arm, n in pairs for distance in DISTANCES
        ],
        "courses": [_course(one) for one in courses],
    }


def read_outcome(path: Path) -> dict[str, Any]:
    """Return a ``comparison.json`` or a ``comparison-summary.json``.

    Raises:
        InputFileError: another file, or a damaged one.
    """
    told = read_json_object(path, "the comparison")
    if told.get("schema") != SCHEMA:
        message = f"has the schema {told.get('schema')!r:.60}, expected '{SCHEMA}'"
        hint = "name the comparison.json of caloexport adapt --compare"
        raise InputFileError(message, where=str(path), hint=hint)
    try:
        comparison_markdown(told)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputFileError(f"is damaged: {error!r:.80}", where=str(path)) from error
    return told


def summary(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON with nothing of the courses but where they end: all that tables need."""
    courses = [{**one, "places": one["places"][-1:]} for one in told["courses"]]
    return {**told, "courses": courses}


def _reached(
    courses: Sequence[Course], arm: str, showers: int, distance: float
) -> Mapping[str, Any]:
    found = {"arm": arm, "showers": showers, "distance": distance}
    found |= vars(reached(courses, arm, showers, distance))
    if arm != SCRATCH:
        found["from_scratch_needs"] = vars(ratio(courses, arm, showers, distance))
    return found


def _course(course: Course) -> dict[str, Any]:
    return {
        "arm": course.arm,
        "showers": course.showers,
        "seed": course.seed,
        "side_by_side": course.jobs,
        "places": [place.to_json() for place in course.places],
    }
