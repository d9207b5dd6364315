"""The whole path once: real showers, training, every format, proof, speed, physics, one page."""

from __future__ import annotations

from caloexport.quickstart.outcome import Outcome
from caloexport.quickstart.run import quickstart

__all__ = ["Outcome", "quickstart"]
