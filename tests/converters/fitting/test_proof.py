from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters import contract
from caloexport.converters.fitting.wiring import Wiring
from caloexport.converters.rewrites.rewire import Wire
from caloexport.runtime.encodings import Term
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.mesh import LayeredMesh, MeshLayer
from tests.converters.contracts.generators import PAR04, linear, log_ratio, trained

CHOICES = {"window": "11_High12"}


def test_a_wire_to_the_wrong_column_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Wiring.term

    def wrong(self: Wiring, term: Term) -> None:
        right(self, term)
        wire = self.wires[-1]
        self.wires[-1] = Wire(wire.column, 1.01 * wire.scale, wire.offset)

    monkeypatch.setattr(Wiring, "term", wrong)
    with pytest.raises(AnswerIsNo, match="fitting to contract fastcalosim-v2 changed the showers"):
        contract.apply_contract(trained((log_ratio(),)), "fastcalosim-v2", "onnx", choices=CHOICES)


def test_cells_in_the_wrong_order_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from caloexport.converters.fitting import cells

    monkeypatch.setattr(cells, "reordered", lambda network, mesh, wanted, order: network)
    turned = PAR04.in_order(("z", "phi", "r"))
    with pytest.raises(AnswerIsNo):
        contract.apply_contract(trained((linear(1e6),), turned), "par04-vae", "onnx")


def test_a_layered_mesh_that_starts_elsewhere_is_compared_in_its_place() -> None:
    layers = (MeshLayer(0, (0.0, 5.0, 20.0), 4), MeshLayer(2, (0.0, 2.0, 30.0), 2))
    generator = trained((log_ratio(),), LayeredMesh(layers, ("z", "phi", "r"), 0.0))
    fitted = contract.apply_contract(generator, "fastcalosim-v2", "onnx", choices=CHOICES)
    assert fitted.sampling is not None
    assert fitted.sampling.mesh.phi_origin_rad == -np.pi
