"""Geant4's electromagnetic tables made from public ones; see scripts/make_em_tables.py."""

from __future__ import annotations
