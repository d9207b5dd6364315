from __future__ import annotations

import pytest

from caloexport.training.runs.messages import (
    FAILED,
    Ended,
    Message,
    Progress,
    Scored,
    from_line,
    to_line,
)


@pytest.mark.parametrize(
    "message",
    [
        Progress(3, 10, "loss 0.1"),
        Scored(5, 10, 0.25, 0.2),
        Scored(5, 10, None, None),
        Ended(FAILED, reason="no memory", error={"message": "no memory"}),
        Ended("finished", summary={"score": 0.5, "scores": [{"energy_gev": 2.0}]}),
    ],
)
def test_a_message_survives_the_pipe(message: Message) -> None:
    line = to_line(message)
    assert line.count("\n") == 1
    assert from_line(line) == message
