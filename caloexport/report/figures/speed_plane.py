"""How good generators are against how long they take for a shower, in numbers: published ones and ours.

Drawn by ``draw_plane.py`` and on the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from caloexport.report.speed import Speed
from caloexport.validation.standing import Places

#: what is drawn against time, and its label; FPD over powers of ten
NUMBERS = {
    "fpd": "FPD",
    "auc_high": "AUC of high-level features",
    "auc_low": "AUC of all cells",
}
LOGARITHMIC = ("fpd",)
TIME = "cpu_ms 1"
TIME_LABEL = "CPU time for a shower, one at a time [ms]"


@dataclass(frozen=True)
class PlanePoint:
    """A generator.

    Attributes:
        name: of the model.
        family: kind of generator; "" where that is not told.
        cpu_ms: for a shower; None where it is not known.
        value, error: of the number; the error may be None.
    """

    name: str
    family: str
    cpu_ms: float | None
    value: float
    error: float | None


@dataclass(frozen=True)
class SpeedPlane:
    """Generators in the plane of a number and the time for a shower.

    Attributes:
        number: name in the published table.
        title: which set.
        y_label: the number.
        log_y: scale.
        published: models that have number and time, best first.
        ours: what was compared.
        geant4: what Geant4 has against itself, without a time; None where it is not published.
        notes: what a reader must know of times and numbers.
    """

    number: str
    title: str
    y_label: str
    log_y: bool
    published: Sequence[PlanePoint]
    ours: Sequence[PlanePoint]
    geant4: PlanePoint | None
    notes: Sequence[str]

    @property
    def name(self) -> str:
        """Name of the files, without suffix."""
        return f"speed-{self.number.replace('_', '-')}"

    @property
    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Ends of the axes, of time and number, with room for marks; no value of a log axis is ≤ 0."""
        times = [one.cpu_ms for one in (*self.published, *self.ours) if one.cpu_ms]
        drawn = [one.value for one in (*self.published, *self.ours)]
        drawn += [self.geant4.value] if self.geant4 else []
        if self.log_y:
            positive = [value for value in drawn if value > 0]
            return (min(times) / 3, max(times) * 3), (min(positive) / 2, max(positive) * 2)
        room = 0.08 * ((max(drawn) - min(drawn)) or 1.0)
        return (min(times) / 3, max(times) * 3), (min(drawn) - room, max(drawn) + room)

    def to_json(self) -> dict[str, Any]:
        """Return all that is drawn as JSON."""
        x, y = self.limits
        told = asdict(self)
        return {"name": self.name, **told, "x_label": TIME_LABEL, "x_limits": x, "y_limits": y}


def speed_planes(places: Places | None, name: str, speed: Speed | None) -> list[SpeedPlane]:
    """Return a plane for each of :data:`NUMBERS` that a sample has a place in.

    Args:
        places: None gives no planes.
        name: of the sample, or the path of its file.
        speed: of the model that made it; None draws the number at all times.
    """
    if places is None:
        return []
    table, short = places.table, name.rstrip("/").rpartition("/")[2] or name
    planes = []
    for one in places.standings:
        if one.name not in NUMBERS:
            continue
        ms = None if speed is None else speed.median_us / 1e3
        published = [
            PlanePoint(
                model.name, model.family or "", model.numbers[TIME], model.numbers[one.name],
                model.errors.get(one.name),
            )
            for model in table.models
            if one.name in model.numbers and TIME in model.numbers
        ]  # fmt: skip
        published.sort(key=lambda point: point.value)
        floor = None
        if one.floor is not None:
            floor = PlanePoint("Geant4 itself", "", None, one.floor, one.floor_error)
        planes.append(
            SpeedPlane(
                one.name, f"{NUMBERS[one.name]} and time on {table.title}", NUMBERS[one.name],
                one.name in LOGARITHMIC, published,
                [PlanePoint(short, "", ms, one.value, one.error)], floor, _notes(ms, one.departures),
            )
        )  # fmt: skip
    return planes


def _notes(cpu_ms: float | None, departures: Sequence[str]) -> list[str]:
    ours = "ours is not known" if cpu_ms is None else "ours by one short measurement here"
    notes = [f"Times: published on their hardware, whose threads are not known; {ours}."]
    return notes + ([f"Not comparable: {'; '.join(departures)}."] if departures else [])


def inside(value: float, limits: tuple[float, float]) -> float:
    """Return a value moved to the nearest end of an axis that it lies beyond.

    >>> inside(0.0, (0.01, 1.0))
    0.01
    """
    return limits[0] if math.isnan(value) else min(max(value, limits[0]), limits[1])
