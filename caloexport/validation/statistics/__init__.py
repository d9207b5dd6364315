"""Statistics: numbers that a whole sample has, not each of its showers; one file each."""

from __future__ import annotations
