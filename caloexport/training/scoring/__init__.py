"""The physics score by which an epoch is picked.

The loss does not tell a good shower generator: it hardly feels a total energy that is off by a few
per cent. So every evaluation generates the showers held back anew, under their own conditions, and
compares them energy by energy and observable by observable.
"""

from __future__ import annotations
