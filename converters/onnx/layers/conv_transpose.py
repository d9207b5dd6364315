"""Transposed convolution."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("conv_transpose")
def conv_transpose(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write ConvTranspose, which wants channels first: (batch, channels, cells…).

    Cells beyond the full output are added by Pad, and the bias after it: what ``output_padding``
    means where it exceeds the stride, the releases of ONNX Runtime do not agree on.
    """
    axes = len(node.attributes["strides"])
    before, after = zip(*node.attributes["crop"], strict=True)
    # ours (cells…, out, in), theirs (in, out, cells…)
    kernel = node.weights["kernel"].transpose(axes + 1, axes, *range(axes))
    bias = node.weights["bias"]
    weights = [graph.weight(f"{node.name}/kernel", kernel)]
    grows = min(*before, *after) < 0
    if not grows:
        weights.append(graph.weight(f"{node.name}/bias", bias))
    first = graph.operate(
        "ConvTranspose",
        [graph.channels_first(inputs[0], axes), *weights],
        graph.name(f"{node.name}/conv"),
        kernel_shape=kernel.shape[2:],
        strides=node.attributes["strides"],
        dilations=node.attributes["dilation"],
        pads=[max(0, n) for n in (*before, *after)],
    )
    if grows:
        added = [0, 0, *(max(0, -n) for n in before), 0, 0, *(max(0, -n) for n in after)]
        margins = graph.sizes(f"{node.name}/added", added)
        wider = graph.operate("Pad", [first, margins], graph.name(f"{node.name}/wider"))
        # not as a weight: of those only kernels have axes, and lose digits in some precisions
        column = bias.astype("<f4").reshape(-1, *(1,) * axes)
        column_name = graph.constant(f"{node.name}/bias", column)
        first = graph.operate("Add", [wider, column_name], graph.name(f"{node.name}/with_bias"))
    graph.keep_channels_first(first, output, axes)
