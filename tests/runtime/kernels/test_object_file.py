"""What is kept on disk is recognised, or refused as a whole."""

from __future__ import annotations

import json

import pytest

from caloexport.runtime.kernels.object_file import Kernels, from_bytes, to_bytes

KERNELS = Kernels(("draw", "run"), b"\x7fELF code\nwith a line break")
IDENTITY = {"level": "avx2", "source": "abc"}
DATA = to_bytes(KERNELS, IDENTITY)


def test_what_is_written_is_read() -> None:
    assert from_bytes(DATA, IDENTITY) == KERNELS


@pytest.mark.parametrize("key", IDENTITY)
def test_another_machine_or_source_is_noticed(key: str) -> None:
    with pytest.raises(ValueError, match="other sources, or for another machine"):
        from_bytes(DATA, IDENTITY | {key: "other"})


def test_a_truncated_file_is_noticed() -> None:
    for length in range(len(DATA)):
        with pytest.raises(ValueError, match="damaged"):
            from_bytes(DATA[:length], IDENTITY)


def test_a_changed_byte_is_noticed() -> None:
    for place, byte in enumerate(DATA):
        changed = DATA[:place] + bytes([byte ^ 1]) + DATA[place + 1 :]
        with pytest.raises(ValueError, match=r"damaged|made from other"):
            from_bytes(changed, IDENTITY)


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"1", b"null", b"\xff\xfe", b"[" * 100_000, b'{"sha256": 1}']
)
def test_another_file_is_noticed(line: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_bytes(line + b"\n" + KERNELS.content, IDENTITY)


def test_another_format_is_noticed() -> None:
    line, _, content = DATA.partition(b"\n")
    other = json.dumps({**json.loads(line), "format": "caloexport.kernels/2"}).encode()
    with pytest.raises(ValueError, match="damaged"):
        from_bytes(other + b"\n" + content, IDENTITY)
