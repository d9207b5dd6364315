"""Convolution."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("conv")
def conv(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Conv, which wants channels first: (batch, channels, cells…)."""
    axes = len(node.attributes["strides"])
    before, after = zip(*node.attributes["padding"], strict=True)
    # ours (cells…, in, out), theirs (out, in, cells…)
    kernel = node.weights["kernel"].transpose(axes + 1, axes, *range(axes))
    weights = [
        graph.weight(f"{node.name}/kernel", kernel),
        graph.weight(f"{node.name}/bias", node.weights["bias"]),
    ]
    first = graph.operate(
        "Conv",
        [graph.channels_first(inputs[0], axes), *weights],
        graph.name(f"{node.name}/conv"),
        kernel_shape=kernel.shape[2:],
        strides=node.attributes["strides"],
        dilations=node.attributes["dilation"],
        pads=[*before, *after],
        group=node.attributes["groups"],
    )
    graph.keep_channels_first(first, output, axes)
