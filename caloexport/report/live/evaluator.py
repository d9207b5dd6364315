"""What the page's evaluator knows: the kinds that its scripts register."""

from __future__ import annotations

import re
from functools import cache

from caloexport.report.html.bundle import bundle

DECODER = "live/scripts/decoder.js"


@cache
def known_kinds() -> frozenset[str]:
    """Return the layer kinds that the evaluator runs.

    >>> "dense" in known_kinds(), "gru" in known_kinds()
    (True, False)
    """
    return frozenset(re.findall(r'^layer\("(\w+)"', bundle(DECODER), re.MULTILINE))


@cache
def known_activations() -> frozenset[str]:
    """Return the activations that the evaluator runs."""
    pattern = r'^(?:activation|vectorActivation)\("(\w+)"'
    return frozenset(re.findall(pattern, bundle(DECODER), re.MULTILINE))
