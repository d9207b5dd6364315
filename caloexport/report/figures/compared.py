"""Everything that pictures of two samples show, gathered in one pass over each; nothing is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from caloexport.report.figures.comparisons import figures
from caloexport.report.figures.gathered import Frame, Gathered, frame_of
from caloexport.report.figures.parts import Part
from caloexport.report.figures.picture import Picture
from caloexport.runtime.arrays import Array, Float64
from caloexport.showers.showers import Showers
from caloexport.validation.beyond import trained_energies, windows_beyond
from caloexport.validation.measurement import Watch
from caloexport.validation.readout_cut import readout_cut
from caloexport.validation.windows import Window, default_windows

#: what was gathered of the reference and of the generated sample
Sides = tuple[Gathered, Gathered]


class ComparedPictures:
    """The pictures of a reference and a generated sample, in numbers.

    Args:
        reference, generated: samples of one mesh, not read yet.
        windows: of the incident energy; None takes those of the reference.
        untrained_mev: energies that the generator was not trained on.
        part: showers to look at; None for all.
        beyond: showers of the generator at energies that neither sample has; they are read here.
    """

    def __init__(
        self,
        reference: Showers,
        generated: Showers,
        windows: Sequence[Window] | None = None,
        untrained_mev: Sequence[float] = (),
        part: Part | None = None,
        beyond: Showers | None = None,
    ) -> None:
        energies = np.asarray(reference.conditions["energy_mev"], dtype=np.float64)
        chosen = default_windows(energies) if windows is None else windows
        conditions = _of_part(reference.conditions, part), _of_part(generated.conditions, part)
        self._part = part
        threshold_mev = readout_cut(reference).threshold_mev
        frame = frame_of(reference.mesh, conditions, chosen, untrained_mev, threshold_mev)
        if part is None:
            own = [generated] if beyond is None else [generated, beyond]
            frame = replace(
                frame, trained_mev=trained_energies(generated), alone=_alone(energies, own)
            )
        self.frame = frame
        self.names = (reference.name, generated.name)
        self._sides = (_gather(self.frame, self.names[0]), _gather(self.frame, self.names[1]))
        if beyond is not None:
            for block, cells in beyond.chunks():
                self._sides[1].watch_alone(cells, beyond.conditions["energy_mev"][block])

    @property
    def watches(self) -> tuple[Watch, Watch]:
        """What has to see every block of the reference and of the generated sample."""
        return self._watch(self._sides[0]), self._watch(self._sides[1])

    def _watch(self, side: Gathered) -> Watch:
        part = self._part
        if part is None:
            return side.watch

        def watch(energies: Array, conditions: Mapping[str, Array]) -> None:
            inside = part.inside(conditions)
            if inside.any():
                side.watch(energies[inside], _of_part(conditions, part))

        return watch

    @cached_property
    def pictures(self) -> list[Picture]:
        """All pictures with a few energies each; ask when both samples were read."""
        return pictures_of(self._sides)

    @cached_property
    def at_every_energy(self) -> list[Picture]:
        """The same with all energies: where one can choose, none has to be left out."""
        frame = replace(self.frame, few=False)
        usual, found = (replace(side, frame=frame) for side in self._sides)
        return pictures_of((usual, found))

    @property
    def missing(self) -> dict[str, str]:
        """Figures that these showers do not have, with the reason."""
        reasons = {name: figures[name].missing(self.frame) for name in figures}
        return {name: reason for name, reason in reasons.items() if reason is not None}


def pictures_of(sides: Sides) -> list[Picture]:
    """Return the pictures of what was gathered of both samples."""
    return [
        picture
        for name in figures
        if figures[name].missing(sides[0].frame) is None
        for picture in figures[name].pictures(*sides)
    ]


def _alone(reference_mev: Float64, generated: Sequence[Showers]) -> tuple[Window, ...]:
    """Return windows of energies that only generated samples have."""
    if not reference_mev.size:
        return ()
    energies = [np.asarray(one.conditions["energy_mev"], np.float64) for one in generated]
    return tuple(window for one in energies for window in windows_beyond(reference_mev, one))


def _of_part(conditions: Mapping[str, Array], part: Part | None) -> Mapping[str, Array]:
    if part is None:
        return conditions
    inside = part.inside(conditions)
    return {name: np.asarray(values)[inside] for name, values in conditions.items()}


def _gather(frame: Frame, name: str) -> Gathered:
    """Return what gathers a sample for all figures that its showers have."""
    needed = {
        key: make(frame)
        for key in figures
        if figures[key].missing(frame) is None and (make := figures[key].collector) is not None
    }
    return Gathered(frame, name, needed)
