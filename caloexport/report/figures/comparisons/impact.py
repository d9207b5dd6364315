"""S-shapes: mean η (φ) of each layer less that of the impact, over the place of the impact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.layers import layer_title
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.impact import AXES, BINS, Follows, Line, Offsets, curve_of, follows
from caloexport.validation.observables import applicable
from caloexport.validation.window_layers import is_window, strips_of

NAME = "impact"
COLUMNS = 4
LETTERS = {"eta": "η", "phi": "φ"}
#: offsets are thousandths
SCALE, UNITS = 1e3, {"eta": "10⁻³", "phi": "mrad"}


class Collected:
    """Offsets and impact points of all showers."""

    def __init__(self, frame: Frame) -> None:
        assert is_window(frame.mesh)
        self.offsets = Offsets(frame.mesh)

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        self.offsets.watch(energies, conditions)


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield two pictures of each direction: of every layer at all energies, and by energy."""
    sides = []
    for gathered in (reference, generated):
        collected = gathered.collected[NAME]
        assert isinstance(collected, Collected)
        sides.append(collected.offsets)
    usual, found = sides
    compared = {one.line: one for one in follows(usual, found)}
    for axis, letter in LETTERS.items():
        lines = [line for line in usual.lines if line.axis == axis]
        panels = [_panel(usual, found, line, compared[line]) for line in lines]
        fine = [line for line in lines if usual.periods(line) > 1]
        panels += [_panel(usual, found, line, compared[line], folded=True) for line in fine]
        rows = [panels[k : k + COLUMNS] for k in range(0, len(panels), COLUMNS)]
        yield Picture(
            f"{NAME}-{axis}",
            f"Mean {letter} of the layer less {letter} of the impact, all energies",
            rows,
            {"figures": [compared[line].to_json() for line in lines]},
        )
    yield from _by_energy(usual, found, reference.frame)


def _by_energy(usual: Offsets, found: Offsets, frame: Frame) -> Iterator[Picture]:
    """Yield the S of the middle layer, and the period of the strips, at some energies."""
    if len(frame.windows) < 2:
        return
    strips = strips_of(usual.mesh)
    kept: dict[str, list[Line]] = {axis: [Line(axis, usual.mesh.reference)] for axis in AXES}
    if strips is not None:
        kept["eta"].append(Line("eta", strips, core=True))
    sides = {
        k: (usual.inside(frame.windows[k]), found.inside(frame.windows[k])) for k in frame.picked
    }
    told = {k: {one.line: one for one in follows(*pair)} for k, pair in sides.items()}
    for axis, lines in kept.items():
        rows = [
            [_panel(*sides[k], line, told[k][line], about=frame.label(k)) for k in sides]
            for line in lines
        ]
        figures = [
            {"energy_mev": frame.energies_mev[k], **told[k][line].to_json()}
            for line in lines
            for k in sides
        ]
        letter = LETTERS[axis]
        title = f"Mean {letter} of the layer less {letter} of the impact, by energy"
        yield Picture(f"{NAME}-{axis}-by-energy", title, rows, {"figures": figures})


def _panel(
    usual: Offsets,
    found: Offsets,
    line: Line,
    compared: Follows,
    *,
    folded: bool = False,
    about: str = "",
) -> Panel:
    mesh, size = usual.mesh, AXES[line.axis][2]
    larger = mesh.reference if usual.periods(line) > 1 and not folded else line.layer
    width = getattr(mesh.layers[larger], size)
    curves, bins = [], BINS
    for one in (usual, found):
        place, offset, bins = (*one.in_own_cell(line), BINS) if folded else one.widest(line)
        mean, error = curve_of(place, offset, bins)
        curves.append(Series(SCALE * mean, SCALE * error))
    title = layer_title(mesh, line.layer)
    title += ": three hottest" if line.core else ""
    title += ", within one" if folded else ""
    title += f", {about}" if about else ""
    letter, unit = LETTERS[line.axis], UNITS[line.axis]
    return Panel(
        title,
        f"{letter} of the impact in the cell / {unit}",
        f"mean {letter} - {letter} of the impact / {unit}",
        _edges(bins, SCALE * width),
        curves[0],
        curves[1],
        below="pull",
        notes=_notes(compared, folded=folded),
        energy=about,
    )


def _edges(bins: int, width: float) -> Float64:
    return np.linspace(-0.5, 0.5, bins + 1) * width


def _notes(compared: Follows, *, folded: bool) -> tuple[str, ...]:
    notes = []
    if compared.chi2_ndf is not None and not folded:
        notes.append(f"χ²/ndf {compared.chi2_ndf.value:.2f} ± {compared.chi2_ndf.error:.2f}")
    if compared.ratio is not None:
        notes.append(f"amplitude ratio {compared.ratio.value:.3f} ± {compared.ratio.error:.3f}")
    return tuple(notes)


def missing(frame: Frame) -> str | None:
    """Say why showers have no S-shape."""
    if not is_window(frame.mesh):
        return "the cells are no window in η and φ"
    needed = {name for name, *_ in AXES.values()}
    if needed <= set(applicable(frame.mesh, frame.conditions)):
        return None
    return "a sample does not tell where particles enter (ripos_eta, ripos_phi, pconfig, econfig)"


figures.register(NAME)(
    Figure("mean η and φ less those of the impact", missing, pictures, collector=Collected)
)
