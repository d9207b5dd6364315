"""The curves of a training, drawn from its history: live in a terminal, and as a picture."""

from __future__ import annotations
