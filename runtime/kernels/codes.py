"""The numbers by which a plan names operations, activations and its own columns."""

from __future__ import annotations

#: operations
DENSE, COPY, ACTIVATE, SOFTMAX, NORMALIZE, ADD, MULTIPLY, OUTPUT = range(8)

#: columns of a plan; offsets and sizes count float32 numbers, addresses are those of the process
(
    OPERATION,
    SOURCE,  # offset of the input in a shower's scratch
    TARGET,  # offset of the result, or TO_OUTPUT
    POSITIONS,  # how many times along the leading axes the last axis is processed
    N_IN,
    N_OUT,
    FIRST,  # address: kernel, scale, group sizes, or index map of the first operand
    SECOND,  # address: bias, offset, or index map of the second operand
    OTHER,  # offset of the second operand
    FUNCTION,  # activation
    TRAINED,  # address of the activation's trained parameter
    TRAINED_STEP,  # 1 when the parameter has one value per unit, 0 when it has one
) = range(12)
COLUMNS = 12

#: as TARGET: write cell energies to the caller's array
TO_OUTPUT = -1

#: activations that apply to every unit by itself
ACTIVATIONS = {
    "linear": 0,
    "relu": 1,
    "leaky_relu": 2,
    "sigmoid": 3,
    "swish": 4,
    "tanh": 5,
    "elu": 6,
    "selu": 7,
    "gelu": 8,
    "softplus": 9,
    "hard_sigmoid": 10,
}

#: activations over groups of units
SOFTMAXES = ("softmax", "grouped_softmax")

#: constants of an activation that fit into a plan, in the order of its registry entry
N_CONSTANTS = 3
