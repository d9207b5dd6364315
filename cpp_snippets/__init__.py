"""C++ sources shipped as package data."""

from __future__ import annotations
