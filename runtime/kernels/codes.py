"""The numbers by which a plan names operations, activations and its own columns."""

from __future__ import annotations

#: operations
(
    DENSE,
    COPY,
    ACTIVATE,
    SOFTMAX,
    NORMALIZE,
    ADD,
    MULTIPLY,
    OUTPUT,
    SUBTRACT,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    GATHER,
    LAYER_NORMALIZE,
    REDUCE,
    CONVOLVE,
    SPREAD,
) = range(17)

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
    PLACES,  # address of an index map: where a stretch comes from, or a window begins
    OFFSETS,  # address of an index map: how far behind that place each tap of a window lies
    STRETCHES,  # number of stretches, in all or in a window
    STRETCH,  # floats of a stretch
    CELLS,  # of the result of a transposed convolution
    CELL_BIAS,  # address of what its cells begin with
    STORAGE,  # of the kernel, see ``STORAGES``
    SCALE,  # address of the kernel's scales
    HOT,  # 1 when the kernel is expected in the caches
    BOUND,  # address of what bounds the tiles of a layer, 0 where all are computed
    WORK,  # offset of the working space of that layer
) = range(23)
COLUMNS = 23

#: how the weights of a kernel are stored and multiplied, by precision
STORAGES = {"float32": 0, "bfloat16": 1, "bfloat16-a16": 2, "int8": 3, "int8-a8": 4}

#: head of a plan: where the interpreter finds its rows, and the sizes of the network
(
    HEAD_TABLE,  # address of the rows
    HEAD_STEPS,  # how many
    HEAD_CONSTANTS,  # address of the constants of the activations
    HEAD_WIDTH,  # floats of scratch per shower
    HEAD_CHUNK,  # showers that pass through a layer together
    HEAD_N_IN,
    HEAD_N_OUT,
) = range(7)

#: as TARGET: write cell energies to the caller's array
TO_OUTPUT = -1

#: element-wise operations on two operands, by layer kind
COMBINATIONS = {
    "add": ADD,
    "multiply": MULTIPLY,
    "subtract": SUBTRACT,
    "divide": DIVIDE,
    "maximum": MAXIMUM,
    "minimum": MINIMUM,
}

#: what ``REDUCE`` does, as FUNCTION
REDUCTIONS = {"sum": 0, "mean": 1, "max": 2, "min": 3}

#: positions of a convolution that are multiplied together: a multiple of the rows of a block
POSITIONS_TOGETHER = 48

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
    "prelu": 11,
    "abs": 12,
    "celu": 13,
    "clip": 14,
    "cos": 15,
    "erf": 16,
    "exponential": 17,
    "hard_shrink": 18,
    "hard_swish": 19,
    "log": 20,
    "log_sigmoid": 21,
    "mish": 22,
    "reciprocal": 23,
    "rsqrt": 24,
    "sin": 25,
    "soft_shrink": 26,
    "softsign": 27,
    "sparse_plus": 28,
    "sqrt": 29,
    "square": 30,
    "squareplus": 31,
    "tanh_shrink": 32,
    "threshold": 33,
}

#: activations over groups of units, and whether the logarithm is meant
SOFTMAXES = {"softmax": 0, "grouped_softmax": 0, "log_softmax": 1}

#: constants of an activation that fit into a plan, in the order of its registry entry
N_CONSTANTS = 3
