"""Converters: between networks and the file formats that experiments load."""

from __future__ import annotations
