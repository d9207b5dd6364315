"""The rewrites that are good for every target, in the order in which they help each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.rewrites.drop_identities import drop_identities
from caloexport.converters.rewrites.fold_backward import fold_normalizations_backward
from caloexport.converters.rewrites.fold_forward import fold_normalizations_forward
from caloexport.converters.rewrites.fold_selections import fold_selections
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.runtime.network import Network


def simplify(network: Network, dtype: npt.DTypeLike = np.float32) -> Network:
    """Return an equal network with fewer nodes.

    Exact but for one rounding to ``dtype`` of every rewritten weight. A normalization that has no
    dense layer to go into stays.
    """
    network = drop_identities(fold_selections(network))
    network = merge_normalizations(network, dtype)
    network = fold_normalizations_backward(network, dtype)
    return fold_normalizations_forward(network, dtype)
