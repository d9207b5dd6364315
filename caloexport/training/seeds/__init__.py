"""The same training with several seeds: what of a result is the method's and what is luck."""

from __future__ import annotations
