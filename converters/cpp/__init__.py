"""C++ from a manifest: physics header, generated decoder and framework snippets."""

from __future__ import annotations
