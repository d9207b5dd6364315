"""PyTorch on the CPU: a module that was traced and frozen."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from caloexport.bench.peers import BoundCall, InputBuffers, Peer, peers
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.layers.activation import constants_of
from caloexport.runtime.network import Network, Node, Shape

FILE = "network.pt"

#: the library, the argument, constants and weights give the function's value
Function = Callable[[ModuleType, Any, Any, dict[str, Any]], Any]
FUNCTIONS: dict[str, Function] = {
    "relu": lambda torch, x, constants, weights: torch.relu(x),
    "leaky_relu": lambda torch, x, constants, weights: torch.nn.functional.leaky_relu(
        x, constants["negative_slope"]
    ),
    "sigmoid": lambda torch, x, constants, weights: torch.sigmoid(x),
    "swish": lambda torch, x, constants, weights: x * torch.sigmoid(weights["beta"] * x),
    "tanh": lambda torch, x, constants, weights: torch.tanh(x),
}


class TorchModel:
    """A frozen module."""

    def __init__(self, path: Path, inputs: Sequence[Shape], threads: int) -> None:
        import torch

        torch.set_num_threads(threads)
        self._inputs = inputs
        with without_advice():
            self._module: Any = torch.jit.load(str(path))

    def bound(self, batch: int) -> BoundCall:
        import torch

        buffers = InputBuffers(self._inputs, batch)
        tensors = [torch.from_numpy(array) for array in buffers.arrays]  # they share the memory
        module, fill, mode = self._module, buffers.fill, torch.inference_mode

        def call(x: Float32) -> Array:
            fill(x)
            with mode():
                result: Array = module(*tensors).numpy()
            return result

        return call


class Torch(Peer):
    """Float32, and bfloat16 between float32 inputs and outputs."""

    module = "torch"
    extra = None
    hint = "pip install torch --index-url https://download.pytorch.org/whl/cpu"
    precisions = ("float32", "bfloat16")

    def obstacle(self, network: Network) -> str | None:
        for node in network.nodes:
            function = node.attributes.get("function")
            if node.kind == "activation" and function not in FUNCTIONS:
                return f"layer '{node.name}': {function} is not among {', '.join(FUNCTIONS)}"
            if node.kind not in ("dense", "activation", "concatenate"):
                return f"layer '{node.name}': dense networks only, no {node.kind}"
        return None

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        import torch

        module = as_module(torch, network, getattr(torch, precision))
        examples = tuple(torch.zeros(1, *shape) for shape in network.inputs.values())
        with without_advice(), torch.inference_mode():
            frozen = torch.jit.freeze(torch.jit.trace(module, examples))
            torch.jit.save(frozen, str(folder / FILE))

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> TorchModel:
        return TorchModel(folder / FILE, inputs, threads)


def as_module(torch: ModuleType, network: Network, dtype: Any) -> Any:
    """Return a dense network as a module for evaluation, its weights in a type."""

    class Module(torch.nn.Module):  # type: ignore[misc, name-defined]  # the library is imported late
        def forward(self, *inputs: Any) -> Any:
            tensors = dict(zip(network.inputs, (x.to(dtype) for x in inputs), strict=True))
            for node in network.nodes:
                weights = {key: self.get_buffer(name_of(node, key)) for key in node.weights}
                reads = [tensors[name] for name in node.inputs]
                tensors[node.name] = layer(torch, node, reads, weights)
            return tensors[network.outputs[0]].float()

    module = Module()
    for node in network.nodes:
        for key, value in node.weights.items():
            weight = torch.tensor(value.T.copy() if key == "kernel" else value, dtype=dtype)
            module.register_buffer(name_of(node, key), weight)
    return module.eval()


def name_of(node: Node, key: str) -> str:
    """Return the name of a weight in the module; dots would be a path."""
    return f"{node.name}_{key}".replace(".", "_")


def layer(torch: ModuleType, node: Node, inputs: list[Any], weights: dict[str, Any]) -> Any:
    """Return the output of one layer."""
    if node.kind == "dense":
        return torch.nn.functional.linear(inputs[0], weights["kernel"], weights["bias"])
    if node.kind == "concatenate":
        return torch.cat(inputs, dim=1)
    function = FUNCTIONS[node.attributes["function"]]
    return function(torch, inputs[0], constants_of(node), weights)


def without_advice() -> warnings.catch_warnings[None]:
    """Hide the advice to compile: it needs a C++ compiler, and others export traces as well."""
    return warnings.catch_warnings(action="ignore", category=DeprecationWarning)


peers.register("torch")(Torch())
