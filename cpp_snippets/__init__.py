"""C++ sources and templates: the generated decoder, and snippets for experiments' frameworks.

=================  ==========================================================================
``physics/``       conditions, encoding, noise, energies and cells of one generator
``decoder/``       the network in plain C++17
``snippets/``      one folder for each framework or library
=================  ==========================================================================

Files that end in ``.jinja`` are filled from a manifest; all others are used as they stand.
"""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder of the sources and templates.

    >>> (folder() / "physics").is_dir()
    True
    """
    return Path(__file__).resolve().parent
