"""The numbers by which a sampling plan names its columns and what a term does."""

from __future__ import annotations

#: head of a sampling plan, int64; places are counted in floats from the start of the scratch
(
    NETWORK,  # address of the head of the network's plan
    IS_NORMAL,  # the noise law
    LATENTS,  # how many
    CONDITIONS,  # how many
    LIMITS,  # address of a row of float64 for each condition
    TERMS,  # how many, without the factor
    TERM_ROWS,  # address of a row of int64 for each term; the last one is the shower's factor
    TERM_NUMBERS,  # address of a row of float64 for each term
    CELLS,  # of a shower
    AXES,  # of the mesh
    SHAPE,  # address of its shape
    GROUPS,  # address of the group of each cell; 0 when cells are scaled by the factor alone
    NUMBERS,  # address of the plan's own float32
    FACTORS_AT,  # place of a chunk's factors
    VALUES_AT,  # place of a chunk's network values
    DENSE_AT,  # place of a chunk's network outputs, for maps and lists that read them again
    FITS_STACK,  # whether the scratch of one shower fits on the stack
) = range(17)
HEAD_COLUMNS = 17
#: bytes of the stack that a call may take as scratch
STACK_BYTES = 32_768

#: what a condition may be, float64
(
    KIND,
    IS_ENERGY,  # it must not be negative
    LOW,  # of the range; of a category 0
    HIGH,  # of the range; of a category its number of values less one
    SLACK,  # how far beyond is not outside
) = range(5)
LIMIT_COLUMNS = 5
#: kinds of conditions: any number, a number with a range, the position of a category
FREE, RANGED, CATEGORY = range(3)

#: a term, int64
(
    FORMULA,
    CONDITION,  # that it reads
    COLUMN,  # where its first number goes in the input vector
    WIDTH,  # how many numbers it makes
    TABLE,  # address of rows of float64
    TABLE_STEP,  # numbers between the rows of two categories; 0 when all share one
) = range(6)
TERM_COLUMNS = 6
#: formulas of terms: (x/unit - offset)/scale, the same of a logarithm, a row of a table
LINEAR, LOGARITHM, LOOK_UP = range(3)

#: constants of a term, float64
UNIT, OFFSET, SCALE = range(3)
TERM_CONSTANTS = 3

#: the plan's own float32
NOISE_SHIFT, NOISE_SCALE, THRESHOLD, TOTAL_SCALE, ONE = range(5)

#: out-of-range policies
POLICIES = {"error": 0, "clamp": 1, "extrapolate": 2}
ERROR, CLAMP, EXTRAPOLATE = POLICIES.values()

#: status of a call: 0, 1 + number of the condition that cannot be sampled, or one of these
WRONG_CALL = -1
NEEDS_SCRATCH = -2
