"""Make the golden models that PyTorch exported, with what PyTorch itself gives for them.

PyTorch is no dependency of the project. Remake with

    python3 -m venv torch-venv
    torch-venv/bin/pip install torch==2.13.0 onnx onnxscript
    torch-venv/bin/python tests/golden/onnx/make_pytorch.py

Each network is exported twice, by the old exporter (TorchScript) and by the new one (dynamo).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
#: showers per golden file
N = 3


def networks(torch: Any) -> dict[str, tuple[Any, list[tuple[int, ...]]]]:
    """Return the networks by name, with the shapes of their inputs without batch axis."""
    nn = torch.nn
    functional = nn.functional

    class Conditioned(nn.Module):  # type: ignore[misc, name-defined]
        """Latents and conditions as two inputs, batch normalization and a slope per unit."""

        def __init__(self) -> None:
            super().__init__()
            self.hidden = nn.Linear(8, 12)
            self.norm = nn.BatchNorm1d(12)
            self.slope = nn.PReLU(12)
            self.out = nn.Linear(12, 10)

        def forward(self, z: Any, conditions: Any) -> Any:
            x = self.hidden(torch.cat([z, conditions], dim=1))
            return torch.sigmoid(self.out(self.slope(self.norm(x))))

    class Grid(nn.Module):  # type: ignore[misc, name-defined]
        """A vector that grows to an image by transposed convolutions."""

        def __init__(self) -> None:
            super().__init__()
            self.start = nn.Linear(4, 3 * 3 * 4)
            self.up = nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1)
            self.norm = nn.BatchNorm2d(3)
            self.last = nn.Conv2d(3, 1, 3, padding=1)

        def forward(self, x: Any) -> Any:
            y = self.start(x).view(-1, 4, 3, 3)
            y = functional.leaky_relu(self.norm(self.up(y)), 0.2)
            y = functional.interpolate(y, scale_factor=2, mode="nearest")
            return functional.softplus(self.last(y)).flatten(1)

    class Steps(nn.Module):  # type: ignore[misc, name-defined]
        """A recurrent layer over the layers of a calorimeter."""

        def __init__(self, kind: Any, **options: Any) -> None:
            super().__init__()
            self.cells = kind(3, 5, batch_first=True, **options)
            self.out = nn.Linear(10 if options.get("bidirectional") else 5, 2)

        def forward(self, x: Any) -> Any:
            return self.out(self.cells(x)[0])

    class Last(nn.Module):  # type: ignore[misc, name-defined]
        """Only the last step of a recurrent layer."""

        def __init__(self) -> None:
            super().__init__()
            self.cells = nn.LSTM(3, 4, batch_first=True)

        def forward(self, x: Any) -> Any:
            return self.cells(x)[0][:, -1, :]

    class Residual(nn.Module):  # type: ignore[misc, name-defined]
        """Layer normalization and a shortcut, on parts of the input."""

        def __init__(self) -> None:
            super().__init__()
            self.norm = nn.LayerNorm(6)
            self.inner = nn.Sequential(nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 6))

        def forward(self, x: Any) -> Any:
            first, rest = x[:, :6], x[:, 6:]
            y = first + self.inner(self.norm(first))
            return torch.cat([y, torch.exp(rest)], dim=-1)

    def mlp(*layers: Any) -> Any:
        return nn.Sequential(nn.Linear(5, 8), *layers, nn.Linear(8, 6))

    return {
        "silu": (mlp(nn.SiLU()), [(5,)]),
        "activations": (
            mlp(nn.LeakyReLU(0.3), nn.Hardsigmoid(), nn.Hardswish(), nn.ELU(), nn.Mish()),
            [(5,)],
        ),
        "rare": (mlp(nn.CELU(0.7), nn.SELU(), nn.Softplus(), nn.Hardtanh(-1, 2)), [(5,)]),
        "tanh_gelu": (mlp(nn.GELU(approximate="tanh"), nn.Softsign()), [(5,)]),
        "softmax": (mlp(nn.ReLU6(), nn.Dropout(), nn.Softmax(dim=1)), [(5,)]),
        "conditioned": (Conditioned(), [(5,), (3,)]),
        "grid": (Grid(), [(4,)]),
        "gru": (Steps(nn.GRU), [(4, 3)]),
        "lstm_both_ways": (Steps(nn.LSTM, bidirectional=True), [(4, 3)]),
        "last": (Last(), [(4, 3)]),
        "residual": (Residual(), [(8,)]),
    }


def seed_norms(torch: Any, model: Any) -> None:
    """Give batch normalizations statistics as after a training."""
    for part in model.modules():
        if isinstance(part, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            part.running_mean.normal_(0, 0.5)
            part.running_var.uniform_(0.5, 2)
            torch.nn.init.normal_(part.weight, 1, 0.2)
            torch.nn.init.normal_(part.bias, 0, 0.2)


def main(folder: Path) -> None:
    """Write NAME.script.onnx, NAME.dynamo.onnx and pytorch.json."""
    import torch

    torch.manual_seed(3)
    golden = {}
    for name, (model, shapes) in networks(torch).items():
        seed_norms(torch, model)
        model.eval()
        inputs = [torch.randn(N, *shape) for shape in shapes]
        names = ["x"] if len(shapes) == 1 else ["z", "conditions"]
        for dynamo in (False, True):
            export(
                torch,
                model,
                inputs,
                names,
                folder / f"{name}.{'dynamo' if dynamo else 'script'}.onnx",
                dynamo,
            )
        with torch.no_grad():
            outputs = model.double()(*(x.double() for x in inputs))
        golden[name] = {
            "inputs": {k: x.double().numpy().tolist() for k, x in zip(names, inputs, strict=True)},
            "outputs": np.asarray(outputs).reshape(N, -1).tolist(),
        }
    (folder / "pytorch.json").write_text(json.dumps(golden))


def export(
    torch: Any, model: Any, inputs: list[Any], names: list[str], path: Path, dynamo: bool
) -> None:
    """Export by one of the two exporters with an open batch axis, without traces of this machine."""
    import onnx

    options: dict[str, Any] = {"dynamic_axes": {name: {0: "batch"} for name in [*names, "y"]}}
    if dynamo:
        batch = torch.export.Dim("batch")
        options = {"dynamic_shapes": tuple({0: batch} for _ in names), "external_data": False}
    torch.onnx.export(
        model, tuple(inputs), str(path), input_names=names, output_names=["y"], dynamo=dynamo,
        **options,
    )  # fmt: skip
    made = onnx.load(path)
    for node in made.graph.node:  # stack traces with paths
        del node.metadata_props[:]
        node.doc_string = ""
    del made.graph.value_info[:], made.metadata_props[:], made.graph.metadata_props[:]
    onnx.save(made, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
