"""A difference of two samples on the scale on which it is judged, and the average of several.

Ratios are judged by their logarithm, so that a third is as far from 1 as three; of distances what they
exceed their floor by is judged; shifts as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from caloexport.runtime.units import format_energy
from caloexport.validation.deciding import Answer, decide, more_showers
from caloexport.validation.significance import FALSE_ALARM, chi2_chance, errors_needed

#: what is told of a metric: ratios of alike samples are 1, shifts 0, and distances their floor
Kind = Literal["ratio", "shift", "distance"]

#: difference of a sample from itself, beside rounding
SAME = 1e-9


@dataclass(frozen=True)
class MeasuredDifference:
    """A metric of two samples, seen as a difference.

    Attributes:
        kind: of the metric.
        value, error, floor: as measured.
        signed: the difference on the scale of the rule: the logarithm of a ratio, a shift, or a
            distance less its floor.
        sigma: its standard error; None if the samples are too small to tell.
        showers: of the smaller sample.
        place: window, for people.
        window: that it was measured in.
    """

    kind: Kind
    value: float
    error: float | None
    floor: float | None
    signed: float
    sigma: float | None
    showers: int
    place: str
    window: Mapping[str, Any]

    @property
    def size(self) -> float:
        """How far the samples are apart."""
        return self.signed if self.kind == "distance" else abs(self.signed)

    @property
    def same(self) -> bool:
        """Whether nothing differs: a sample against itself, which no number of showers changes.

        A distance of 0 says so alone. Means may be equal by chance, as of few showers that have as many
        hits: of ratios and shifts, all metrics of the window must say so.
        """
        if self.kind == "distance":
            return abs(self.value) <= SAME
        others = (one["value"] for one in self.window.get("metrics", {}).values())
        own = abs(self.value - 1 if self.kind == "ratio" else self.value)
        return own <= SAME and all(min(abs(value), abs(value - 1)) <= SAME for value in others)

    def answer(self, threshold: float, comparisons: int) -> Answer:
        """Say whether the difference is within a threshold, one of several that are looked at."""
        if self.same:
            return "yes"
        return decide(
            self.size,
            self.sigma,
            self._limit(threshold),
            errors=errors_needed(comparisons, self.showers),
            floor=self._floor,
        )

    def times_showers(self, threshold: float, comparisons: int) -> float | None:
        """Return how many times the showers an answer takes; None if nothing tells."""
        if not self.sigma:
            return None
        times = more_showers(
            self.size,
            self.sigma,
            self._limit(threshold),
            errors=errors_needed(comparisons, self.showers),
            floor=self._floor,
        )
        return times if math.isfinite(times) else None

    def _limit(self, threshold: float) -> float:
        return math.log1p(threshold) if self.kind == "ratio" else threshold

    @property
    def _floor(self) -> float:
        return self.floor or 0.0 if self.kind == "distance" else 0.0


def measured_in(window: Mapping[str, Any], metric: str, kind: Kind) -> MeasuredDifference:
    """Return what a window measured of a metric."""
    estimate = window["metrics"][metric]
    value, error, floor = estimate["value"], estimate["error"], estimate["floor"]
    signed, sigma = value, error
    if kind == "ratio":
        # a ratio of 0 is that of empty showers, or of showers that are all alike: of no chance
        signed = math.log(value) if value > 0 else -math.inf
        sigma = error / value if value > 0 and error is not None else error
    elif kind == "distance":
        signed = value - (floor or 0.0)
    showers = min(window["n_reference"], window["n_generated"])
    return MeasuredDifference(
        kind, value, error, floor, signed, sigma, showers, place_of(window), window
    )


def average_of(measured: Sequence[MeasuredDifference]) -> MeasuredDifference | None:
    """Return the average over windows by their showers, which has a smaller error than each.

    Returns:
        None where fewer than two windows tell an error, or where they disagree: a χ² about their
        common average that chance gives to one in a hundred. An average of windows that differ to
        both sides, or of one window that stands out, would hide what differs.
    """
    told = [one for one in measured if one.sigma is not None and math.isfinite(one.signed)]
    if len(told) < 2 or not _agree(told):
        return None
    shares = [one.showers / sum(each.showers for each in told) for one in told]
    signed = sum(s * one.signed for s, one in zip(shares, told, strict=True))
    sigma = math.hypot(*(s * (one.sigma or 0.0) for s, one in zip(shares, told, strict=True)))
    parts = [s * (one.floor or 0.0) for s, one in zip(shares, told, strict=True)]
    # what chance gives to distances adds up, differences of either sign cancel
    distance, ratio = told[0].kind == "distance", told[0].kind == "ratio"
    floor = sum(parts) if distance else math.hypot(*parts)
    value = math.exp(signed) if ratio else signed + floor if distance else signed
    window = _joined([one.window for one in told])
    return replace(
        told[0],
        value=value,
        error=sigma * value if ratio else sigma,
        floor=floor,
        signed=signed,
        sigma=sigma,
        showers=min(window["n_reference"], window["n_generated"]),
        place=place_of(window),
        window=window,
    )


def _agree(told: Sequence[MeasuredDifference]) -> bool:
    weights = [1 / max(one.sigma or 0.0, SAME) ** 2 for one in told]
    middle = sum(w * one.signed for w, one in zip(weights, told, strict=True)) / sum(weights)
    chi2 = sum(w * (one.signed - middle) ** 2 for w, one in zip(weights, told, strict=True))
    return chi2_chance(chi2, len(told) - 1) > FALSE_ALARM


def _joined(windows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    ends = [("low_mev", min), ("high_mev", max)]
    if "low_theta_rad" in windows[0]:
        ends += [("low_theta_rad", min), ("high_theta_rad", max)]
    return {
        **{name: pick(window[name] for window in windows) for name, pick in ends},
        "n_reference": sum(window["n_reference"] for window in windows),
        "n_generated": sum(window["n_generated"] for window in windows),
    }


def place_of(window: Mapping[str, Any]) -> str:
    """Name the energies of a window, or its angles where these tell it from others."""
    text = f"{format_energy(window['low_mev'])} to {format_energy(window['high_mev'])}"
    if "low_theta_rad" not in window:
        return text
    low, high = (round(math.degrees(window[f"{end}_theta_rad"]), 1) for end in ("low", "high"))
    return f"{low:g}°" if low == high else f"{low:g}° to {high:g}°"
