"""Profiles: thresholds of the checks, one TOML file each."""

from __future__ import annotations
