"""Processes that work for another one: their threads, their locks, and how they end."""

from __future__ import annotations
