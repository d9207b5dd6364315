"""The whole path once: real showers, training, four formats, proof, speed, physics, one page."""

from __future__ import annotations

from caloexport.quickstart.run import Outcome, quickstart

__all__ = ["Outcome", "quickstart"]
