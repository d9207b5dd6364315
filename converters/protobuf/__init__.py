"""Protocol buffers, read without a schema and without a library."""

from __future__ import annotations
