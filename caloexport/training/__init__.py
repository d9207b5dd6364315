"""Training: families of generators, their presets, and the run folder that a training leaves."""

from __future__ import annotations
