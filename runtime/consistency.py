"""Do the parts of a generator fit together? Checked when it is made and when it is loaded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UsageError
from caloexport.runtime.output_maps import output_maps
from caloexport.runtime.parameters import require_numbers

if TYPE_CHECKING:
    from caloexport.runtime.manifest import Sampling
    from caloexport.runtime.network import Network


def check_sampling(sampling: Sampling) -> None:
    """Check conditions, encoding and output map against each other.

    Raises:
        UsageError: a condition twice or missing, or a parameter that its kind cannot use.
        UnknownName: no such encoding or output map.
    """
    conditions = {condition.name: condition for condition in sampling.conditions}
    if len(conditions) != len(sampling.conditions):
        names = [condition.name for condition in sampling.conditions]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"condition '{twice}' is declared twice"
        raise UsageError(message)
    if "energy_mev" not in conditions or conditions["energy_mev"].categories:
        message = "a generator needs the number 'energy_mev' among its conditions"
        raise UsageError(message, hint="give it low = high if there is a single energy")
    for term in sampling.encoding.terms:
        if term.condition not in conditions:
            message = f"the encoding reads '{term.condition}', which is not a condition"
            raise UsageError(message, hint=f"conditions: {', '.join(conditions)}")
        encodings[term.kind].check(conditions[term.condition], term.parameters)
    output = sampling.output
    require_numbers(output.kind, output.parameters, output_maps[output.kind].parameters)
    if output.threshold_mev < 0:
        message = f"threshold_mev is {output.threshold_mev:g}, it cannot be negative"
        raise UsageError(message)


def check_fit(sampling: Sampling, network: Network) -> None:
    """Check the sampling against the network that it drives.

    Raises:
        UsageError: the numbers of inputs or outputs differ.
    """
    n_in = sum(math.prod(shape) for shape in network.inputs.values())
    if n_in != sampling.width:
        message = (
            f"the network has {n_in} inputs, but {sampling.noise.size} latents and "
            f"{sampling.encoding.width} encoded conditions make {sampling.width}"
        )
        raise UsageError(message)
    if len(network.outputs) != 1:
        message = f"a generator has one output, this network has {len(network.outputs)}"
        raise UsageError(message, hint=f"outputs: {', '.join(network.outputs)}")
    output = sampling.output
    expected = output_maps[output.kind].n_outputs(sampling.mesh, output.parameters)
    if network.n_outputs != expected:
        shape = " x ".join(map(str, sampling.mesh.shape))
        message = (
            f"the network has {network.n_outputs} outputs, but '{output.kind}' on a mesh of "
            f"{shape} cells reads {expected}"
        )
        raise UsageError(message)
