"""Reports: tables for the terminal, and pictures."""

from __future__ import annotations
