"""Engines: backends that need a format's own library; importing this package registers them."""

from __future__ import annotations

from caloexport.runtime.backends import backends

backends.add_package("caloexport.converters.engines")
