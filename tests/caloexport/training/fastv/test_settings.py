"""Settings of a FastV VAE that are refused."""

from __future__ import annotations

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.fastv.settings import WIDEST, Loss, Network


@pytest.mark.parametrize("sizes", [{"latent": WIDEST + 1}, {"hidden": (8, 10**9)}])
def test_widths_that_would_fill_the_memory_are_refused(sizes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=f"expected at most {WIDEST}"):
        Network(**sizes)  # type: ignore[arg-type]


def test_a_weight_of_the_total_below_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="total is -1"):
        Loss(total=-1.0)
