"""Products in float32 and bfloat16 on every lower instruction level that this CPU has."""

from __future__ import annotations

import pytest

from caloexport.runtime.kernels import level
from tests.runtime.kernels.at_level import output_at

FEATURES = level.host_features()
BEST = level.choose("", FEATURES)
LOWER = [name for name in level.NEEDS if name != BEST and not level.missing(name, FEATURES)]

PROGRAM = """
from caloexport.runtime.kernels.level import LEVEL
from tests.runtime.kernels import test_dense as dense
from tests.runtime.kernels import test_sigmoid as sigmoid

for precision in dense.PRECISIONS:
    for shape in dense.SHAPES:
        dense.test_a_product_is_that_of_the_formula_however_many_rows(shape, precision)
        dense.test_rows_and_streams_do_not_change_a_bit(shape, precision)
for function in dense.ACTIVATIONS:
    for rows in (1, 6):
        dense.test_each_row_has_its_factor_and_small_results_become_zero(function, rows)
        dense.test_activations_at_their_ends(function, rows)
    dense.test_what_is_not_a_number_stays_so(function)
sigmoid.test_the_sigmoid_is_a_few_units_of_the_last_place_from_the_formula()
sigmoid.test_swish_is_as_close()
sigmoid.test_infinities_have_their_limits_and_nan_stays()
print(LEVEL, *dense.PRECISIONS)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", LOWER)
def test_products_and_activations_hold_there_too(name: str) -> None:
    assert output_at(name, PROGRAM).split() == [name, "float32", "bfloat16"]
