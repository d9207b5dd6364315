"""Runs trained in processes of their own, several at a time.

    whoever wants runs ── Job ──→ Place: this machine, or a cluster
                       ←─ Progress, Scored, Ended ─  a worker process for each run

TensorFlow is imported in the workers alone. Each has its own log, and can be killed without harm
to the others.
"""

from __future__ import annotations
