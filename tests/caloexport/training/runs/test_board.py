from __future__ import annotations

import io

from rich.console import Console

from caloexport.training.runs.board import Board
from caloexport.training.runs.messages import FAILED, FINISHED, Ended, Progress, Scored


def drawn(board: Board, width: int = 60) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as text:
        console.print(board.drawing())
    return text.get().splitlines()


def test_a_line_per_run_tells_how_far_it_is() -> None:
    board = Board(["seed-0", "seed-1", "seed-2", "seed-3"])
    for name in ("seed-0", "seed-1", "seed-2"):
        board.start(name)
    board.hear("seed-0", Progress(30, 40, "loss 0.5, and whatever else there is to tell of it"))
    board.hear("seed-0", Scored(40, 40, 0.3, 0.2))
    board.hear("seed-1", Progress(10, 40))
    board.hear("seed-1", Ended(FINISHED, summary={"score": 0.25}))
    board.hear("seed-2", Ended(FAILED, reason="no memory"))
    lines = drawn(board)
    assert len(lines) == 4  # nothing wraps
    assert "40/40" in lines[0]
    assert "…" in lines[0]
    assert "40/40 score 0.25" in lines[1]
    assert "failed: no memory" in lines[2]
    assert "waits" in lines[3]
    assert list(board.lines()) == [
        "seed-0: 40/40, loss 0.5, and whatever else there is to tell of it"
    ]


def test_a_run_that_is_forgotten_is_not_told() -> None:
    board = Board()
    board.start("trial-0001", "seed 2: ")
    assert list(board.lines()) == ["trial-0001: seed 2: imports TensorFlow, reads showers"]
    board.forget("trial-0001")
    assert drawn(board) == [] or drawn(board) == [""]
