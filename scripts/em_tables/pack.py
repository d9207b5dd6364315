"""Write the tree as a ``tar.xz`` that depends on its content only."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath


def write_pack(files: Mapping[str, str], folders: list[str], path: Path) -> None:
    """Write files (text by name) and empty folders; equal input gives equal bytes."""
    parents = {str(p) for name in files for p in PurePosixPath(name).parents if str(p) != "."}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted({*folders, *parents}):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for name, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(lzma.compress(archive.getvalue(), preset=9 | lzma.PRESET_EXTREME))
