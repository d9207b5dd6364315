"""A window of detector cells around the one that a particle enters, as ATLAS' cell-level GAN has it.

Every layer has cells of its own size in η and φ. The window of a layer holds the cells whose
centres lie within half its width of the centre of the impact cell, a cell of the *reference* layer
(ATLAS: the middle one). Where a layer has coarser cells, the window therefore shifts with the place
of the impact cell inside the coarse one: the *alignment*, two numbers of each shower,

    pconfig = φ index of the impact cell mod 4        0: it is the lowest of four in φ
    econfig = (η index of the impact cell + 1) mod 2  1: it is the lower of two in η

Source: ATLAS-experiment/athena, Simulation/ISF/ISF_FastCaloSim/ISF_FastCaloSimServices/src/
DNNCaloSimSvc.cxx: order of the cells, widths of the windows, both numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.runtime.fields import listing, number, whole

ORDER = ("z", "eta", "phi")
MAX_CELLS = 2**24
#: how far from whole numbers ratios of cell sizes may be
SLACK = 1e-6


@dataclass(frozen=True)
class WindowLayer:
    """The cells of one layer.

    Attributes:
        id: the detector's own layer number (ATLAS sampling).
        n_eta, n_phi: number of cells in the window.
        d_eta, d_phi: size of a cell; η is a pure number, φ in rad.
    """

    id: int
    n_eta: int
    n_phi: int
    d_eta: float
    d_phi: float

    def __post_init__(self) -> None:
        sizes = (self.d_eta, self.d_phi)
        if min(self.n_eta, self.n_phi) < 1 or not all(0 < size < math.inf for size in sizes):
            message = (
                f"layer {self.id} has a window of {self.n_eta} x {self.n_phi} cells of "
                f"{self.d_eta} x {self.d_phi}, expected one at least, of a size above zero"
            )
            raise UsageError(message)


@dataclass(frozen=True)
class WindowMesh:
    """Windows of cells, layer by layer, in a layer η ascending, then φ ascending (fastest).

    Attributes:
        layers: in order of depth.
        reference: number (from 0) of the layer whose cells are impact cells.

    >>> ATLAS_WINDOW.shape, [layer.n_eta * layer.n_phi for layer in ATLAS_WINDOW.layers]
    ((266,), [21, 168, 49, 28])
    """

    layers: tuple[WindowLayer, ...]
    reference: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.reference < len(self.layers) or self.shape[0] > MAX_CELLS:
            message = (
                f"a window of {len(self.layers)} layers around a cell of layer {self.reference}"
            )
            raise UsageError(message, hint=f"one layer at least, at most {MAX_CELLS} cells")
        for layer in self.layers:
            _multiple(layer, "d_eta", self.layers[self.reference])
            _multiple(layer, "d_phi", self.layers[self.reference])

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the axes, slowest first."""
        return ORDER

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one shower: flat."""
        return (sum(layer.n_eta * layer.n_phi for layer in self.layers),)

    @property
    def n_layers(self) -> int:
        """Number of layers."""
        return len(self.layers)

    @property
    def phi_origin_rad(self) -> float:
        """Refuse: a window has no azimuth about the particle.

        Raises:
            UnsupportedError: always.
        """
        return _refuse("an azimuth about the particle")

    @cached_property
    def _cells(self) -> dict[str, Integers]:
        parts = []
        for z, layer in enumerate(self.layers):
            eta, phi = np.indices((layer.n_eta, layer.n_phi))
            parts.append({"z": np.full(eta.size, z), "eta": eta.ravel(), "phi": phi.ravel()})
        return {axis: np.concatenate([part[axis] for part in parts]) for axis in ORDER}

    def indices(self) -> dict[str, Integers]:
        """Return for every cell its layer (counted from 0), η and φ index in the window."""
        return dict(self._cells)

    def centres(self) -> dict[str, Float64]:
        """Refuse: where a cell is depends on the alignment of the shower, see :meth:`positions`.

        Raises:
            UnsupportedError: always.
        """
        return _refuse("distances from the particle's axis that hold for every shower")

    def lower_edges(self, pconfig: int, econfig: int) -> Float64:
        """Return where the windows begin (layers, 2), η and φ from the centre of the impact cell.

        Args:
            pconfig, econfig: alignment of the shower.

        >>> ATLAS_WINDOW.lower_edges(pconfig=0, econfig=1)[3].round(4).tolist()
        [-0.1125, -0.0859]
        """
        middle = self.layers[self.reference]
        edges = []
        for layer in self.layers:
            eta = _first_edge(layer.n_eta, layer.d_eta, middle.d_eta, (econfig + 1) % 2)
            edges.append((eta, _first_edge(layer.n_phi, layer.d_phi, middle.d_phi, pconfig)))
        return np.array(edges)

    def positions(self, pconfig: int, econfig: int) -> Float64:
        """Return the centres of all cells (cells, 2), η and φ from that of the impact cell."""
        index, edges = self._cells, self.lower_edges(pconfig, econfig)
        sizes = np.array([(layer.d_eta, layer.d_phi) for layer in self.layers])
        steps = np.stack([index["eta"], index["phi"]], axis=1) + 0.5
        return np.asarray(edges[index["z"]] + steps * sizes[index["z"]], dtype=np.float64)

    def in_order(self, order: tuple[str, ...]) -> WindowMesh:
        """Return the same cells; they have one order only.

        Raises:
            UnsupportedError: another order is asked for.
        """
        if tuple(order) == ORDER:
            return self
        return _refuse(f"the order {', '.join(order)}")

    def to_json(self) -> dict[str, Any]:
        """Return the mesh as JSON."""
        return {
            "kind": "window",
            "layers": [
                {
                    "id": one.id,
                    "n_eta": one.n_eta,
                    "n_phi": one.n_phi,
                    "d_eta": one.d_eta,
                    "d_phi": one.d_phi,
                }
                for one in self.layers
            ],
            "reference": self.reference,
            "order": list(ORDER),
        }


def window_from_json(data: dict[str, Any], where: str) -> WindowMesh:
    """Read what :meth:`WindowMesh.to_json` wrote.

    Raises:
        InputFileError: a field is missing or has the wrong type.
        UsageError: it makes no sense.
    """
    layers = tuple(
        WindowLayer(
            whole(one, "id", where),
            whole(one, "n_eta", where),
            whole(one, "n_phi", where),
            number(one, "d_eta", where),
            number(one, "d_phi", where),
        )
        for one in listing(data, "layers", where)
    )
    return WindowMesh(layers, whole(data, "reference", where))


def _first_edge(n: int, size: float, reference: float, place: int) -> float:
    """Return the lower edge of the lowest cell whose centre is within n/2 cells of zero.

    ``place`` is that of the impact cell among those of a coarser cell.
    """
    coarse = max(1, round(size / reference))
    lattice = -reference / 2 - (place % coarse) * reference
    # strictly inside: a centre on the border itself is out
    first = math.floor((-(n + 1) / 2 * size - lattice) / size + SLACK) + 1
    return lattice + first * size


def _multiple(layer: WindowLayer, name: str, reference: WindowLayer) -> None:
    ratio = getattr(layer, name) / getattr(reference, name)
    ratio = max(ratio, 1 / ratio)
    if abs(ratio - round(ratio)) > SLACK * ratio:
        message = (
            f"cells of layer {layer.id} are {ratio:.4g} times those of the impact cell's layer "
            f"{reference.id} in {name}, or the inverse; expected a whole number"
        )
        raise UsageError(message)


def _refuse(what: str) -> NoReturn:
    message = f"a window of η-φ cells around the impact cell has not {what}"
    hint = "sums by layer and cell energies are defined; r and φ about the particle are not"
    raise UnsupportedError(message, hint=hint)


#: of ATLAS' EM barrel at |η| < 1.35: presampler, strips, middle, back
ATLAS_WINDOW = WindowMesh(
    (
        WindowLayer(0, 7, 3, 0.025, math.pi / 32),
        WindowLayer(1, 56, 3, 0.003125, math.pi / 32),
        WindowLayer(2, 7, 7, 0.025, math.pi / 128),
        WindowLayer(3, 4, 7, 0.05, math.pi / 128),
    ),
    reference=2,
)
