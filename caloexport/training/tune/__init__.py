"""The search for settings that score best: trials on Optuna, trained side by side."""

from __future__ import annotations
