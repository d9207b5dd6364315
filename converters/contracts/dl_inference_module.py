"""The deep-learning inference module of 2020, on the TensorFlow C interface.

Source: ioanaif/dl-inference-module, inference/src/DLInference.cpp and Model.cpp. It loads a graph
file and a checkpoint prefix (not a SavedModel, not a frozen graph), feeds an input node and a
label node, each filled with one constant, and an operator called ``x_input`` whatever the model
is. Names are those of operators; the output is number 0. Our file gives it all of these.
"""

from __future__ import annotations

from collections.abc import Mapping

from caloexport.converters.contracts import Cells, Contract, Form, contracts
from caloexport.converters.fitting.publish import published_inputs, published_output
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.network import Network


def two_inputs(
    network: Network, sampling: Sampling | None, choices: Mapping[str, str]
) -> str | None:
    """Refuse another number of inputs than the module feeds."""
    if len(network.inputs) == 2:
        return None
    names = ", ".join(network.inputs)
    return f"the module feeds an input and a label node, the network has {names}"


def settings(network: Network, sampling: Sampling | None, choices: Mapping[str, str]) -> str | None:
    """Return the settings of the module for this file; shapes include the batch."""
    (z, latents), (label, conditions) = network.inputs.items()
    return (
        f"SetModelGraph model.pb, SetModelRestore model.ckpt, SetInputNode {z}, SetInputShape "
        f"{{N, {', '.join(map(str, latents))}}}, SetLabelNode {label}, SetLabelShape "
        f"{{N, {', '.join(map(str, conditions))}}}, SetOutputNode output"
    )


contracts.register("dl-inference-module")(
    Contract(
        summary="dl-inference-module: TensorFlow 1 graph and checkpoint, input and label by name",
        versions="dl-inference-module of 2020; TensorFlow C library 1.14 or later",
        forms={"graphdef": Form(None, Cells(kind=None), published=("z_input", "y_input"))},
        refusals=(two_inputs,),
        advice=(published_inputs, settings, published_output),
        notes=(
            "the module fills each input with one constant: all showers of an energy are the same",
            "it reads graph and checkpoint anew for each generation",
        ),
    )
)
