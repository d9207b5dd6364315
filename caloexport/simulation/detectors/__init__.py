"""Detectors that travel with the package, one TOML file each."""

from __future__ import annotations
