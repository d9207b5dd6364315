"""The command line: one file per command, found from the folder listing, without logic."""

from __future__ import annotations
