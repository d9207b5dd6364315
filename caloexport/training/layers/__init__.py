"""Keras layers of our own, each with the class name that converters know."""

from __future__ import annotations
