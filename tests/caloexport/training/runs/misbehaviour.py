"""Values of β by which the quick worker misbehaves, half-way through its run."""

from __future__ import annotations

DIES, RAISES, REFUSES, SLOW, NO_NUMBER = 0.1, 0.2, 0.3, 0.4, 0.5
