from __future__ import annotations

from typing import Any

import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.wgan.settings import Critics, Optimizers


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"inputs": ()}, "0 critics have 2 weights"),
        ({"weights": (1.0,)}, "2 critics have 1 weights"),
        ({"inputs": ({"cell": 1.0}, {"cells": 1.0})}, "unknown input of a critic 'cell'"),
        ({"inputs": ({"cells": -1.0}, {"cells": 1.0})}, "the penalty on cells is -1, expected 0"),
        ({"inputs": ({"cells": 1.0}, {})}, "critic 2 reads nothing of a shower"),
        (
            {"inputs": ({"cells": 1.0}, {"total": 1.0}), "sums_inside": True},
            "critic 2 reads total of a shower",
        ),
        ({"weights": (1.0, -1.0)}, "weights 0 or more"),
        ({"drift": -1.0}, "drift and weights 0 or more"),
        ({"per_update": 0}, "per_update and largest must be positive"),
        ({"draw": "event"}, "unknown draw of conditions 'event'"),
        ({"training": "reverse"}, "unknown way of training 'reverse'"),
        ({"block": "bn-relu"}, "block of the critics is 'bn-relu', expected one without bn"),
        ({"initializer": "he"}, "unknown initializer 'he'"),
    ],
)
def test_critics_that_cannot_be_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises((UnknownName, UsageError), match=message):
        Critics(**settings)


def test_constants_of_both_optimizers_are_checked_before_showers_are_read() -> None:
    with pytest.raises(UnknownName, match="did you mean 'adam'"):
        Optimizers("adm")
    with pytest.raises(UsageError, match="expected 0 ≤ beta_1 < 1"):
        Optimizers(beta_1=1.0)
    with pytest.raises(UsageError, match="critic_rate is 0, expected a positive number"):
        Optimizers(critic_rate=0.0)
