"""Ctrl-C and SIGTERM in training: finish the update at hand, so that its state can be saved."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any


@contextlib.contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """Collect interrupts for the length of the block.

    Yields:
        asked(): whether one has come. A second one stops at once, without saving.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False  # only the main thread may catch signals
        return
    signals = (signal.SIGINT, signal.SIGTERM)
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in signals}

    def catch(number: int, _: Any) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    for number in signals:
        signal.signal(number, catch)
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
