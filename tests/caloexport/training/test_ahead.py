from __future__ import annotations

import threading

import pytest

from caloexport.training.ahead import Ahead


def test_the_next_inputs_are_made_while_an_update_computes() -> None:
    made: list[int] = []
    second = threading.Event()

    def make(number: int) -> int:
        made.append(number)
        if number == 6:
            second.set()
        return number

    with Ahead(make, 8) as inputs:
        assert inputs(5) == 5
        assert second.wait(10)  # nobody has asked for them yet
        assert [inputs(6), inputs(7)] == [6, 7]
    assert made == [5, 6, 7]  # each once, in order, and none beyond the last


def test_an_error_comes_with_the_update_that_it_belongs_to_and_no_thread_is_left() -> None:
    def make(number: int) -> int:
        if number == 1:
            raise ValueError("bad shower")
        return number

    before = threading.active_count()
    with pytest.raises(ValueError, match="bad shower"), Ahead(make, 8) as inputs:
        assert inputs(0) == 0
        inputs(1)
    assert threading.active_count() == before


def test_leaving_early_ends_the_thread() -> None:
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), Ahead(str, 8) as inputs:
        assert inputs(0) == "0"
        raise KeyboardInterrupt
    assert threading.active_count() == before
