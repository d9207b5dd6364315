"""Chunks are shared among threads, each done once."""

from __future__ import annotations

import threading

import pytest

from caloexport.training.fastv.workers import Workers


def test_every_chunk_is_done_once_and_by_several() -> None:
    done: list[tuple[int, int]] = []
    both = threading.Barrier(2, timeout=10)

    def work(worker: int, chunk: int) -> None:
        if chunk < 2:
            both.wait()  # passes only if two threads are in it
        done.append((worker, chunk))

    Workers(2).share(work, 9)
    assert sorted(chunk for _, chunk in done) == list(range(9))
    assert {worker for worker, chunk in done if chunk < 2} == {0, 1}


def test_what_goes_wrong_in_another_thread_is_told() -> None:
    failed = threading.Event()

    def work(worker: int, chunk: int) -> None:
        if worker == 1:
            failed.set()
            raise ZeroDivisionError
        assert failed.wait(10)  # the caller's chunk ends after the other thread's

    with pytest.raises(ZeroDivisionError):
        Workers(2).share(work, 2)
