"""Names for new layers that no other layer has."""

from __future__ import annotations

from collections.abc import Container


def numbered(name: str, taken: Container[str]) -> str:
    """Return a name, with the first number that makes it free where it is taken.

    >>> numbered("dense", {"dense", "dense_2"})
    'dense_3'
    """
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    return free


def primed(name: str, taken: Container[str]) -> str:
    """Return a name, with as many primes as make it free.

    >>> primed("dense", {"dense"})
    "dense'"
    """
    while name in taken:
        name += "'"
    return name
