"""Damaged ``.keras`` files: the zip archive, the configuration and the weights in it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from caloexport.converters.readers import Choices
from tests.malformed.damage import (
    Case,
    changed,
    cuts,
    fillings,
    flips,
    json_paths,
    label,
    removed,
    set_to,
    write,
)

LIBRARIES = ("h5py", "caloexport.converters.readers.keras")
CONFIG = {
    "class_name": "Sequential",
    "config": {
        "name": "s",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "x"}},
            {
                "class_name": "Dense",
                "config": {"name": "dense", "trainable": True, "units": 3, "activation": "tanh"},
            },
        ],
    },
}
MEMBERS = ("metadata.json", "config.json", "model.weights.h5")


def cases(folder: Path) -> Iterator[Case]:
    """Write them."""
    whole = archive()
    directory = whole.rindex(b"PK\x05\x06")
    for name, content in (
        *cuts(whole, 8),
        *flips(whole, range(directory, directory + 4), 3),
        *fillings(whole, whole[:30]),
        *_members(),
        *_configurations(),
        *_weights(),
    ):
        yield write(folder, name, content, ".keras")


def good(folder: Path) -> Choices:
    """Write a whole archive."""
    (folder / "good.keras").write_bytes(archive())
    return Choices()


def archive(config: Any = CONFIG, weights: bytes | None = None, **changes: bytes) -> bytes:
    """Return an archive; ``changes`` replace members."""
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    metadata = b'{"keras_version": "3.12.0"}'
    content = dict(
        zip(MEMBERS, (metadata, text, stored() if weights is None else weights), strict=True)
    )
    content.update(changes)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in content.items():
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def stored(kernel: Any = None, **more: Any) -> bytes:
    """Return the weights of the layer."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["0"] = np.ones((4, 3), np.float32) if kernel is None else kernel
        group["1"] = np.zeros(3, np.float32)
        for name, value in more.items():
            group[name] = value
    return stream.getvalue()


def _members() -> Iterator[tuple[str, bytes]]:
    for name in MEMBERS[1:]:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as file:
            for other in MEMBERS:
                if other != name:
                    file.writestr(zipfile.ZipInfo(other), b"{}")
        yield f"without-{name}", stream.getvalue()
    bomb = bytes(100_000_000)
    yield "bomb-in-the-configuration", archive(b"[" + bomb)
    yield "bomb-in-the-weights", archive(weights=bomb)
    yield "bomb-in-the-metadata", archive(**{"metadata.json": bomb})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for k in range(20_000):
            file.writestr(zipfile.ZipInfo(f"{k}"), b"")
    yield "twenty-thousand-members", stream.getvalue()
    encrypted = bytearray(archive())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := encrypted.find(mark, start)) >= 0:
            encrypted[start + place] |= 1
            start += 4
    yield "encrypted", bytes(encrypted)
    yield "archive-in-archive", archive(weights=archive())
    yield "pickle-for-weights", archive(weights=b"\x80\x04cos\nsystem\n(S'true'\ntR.")


def _configurations() -> Iterator[tuple[str, bytes]]:
    layer = ("config", "layers", 1)
    yield "configuration-empty", archive(b"")
    yield "configuration-not-json", archive(b"{'class_name': 'Sequential'}")
    yield "configuration-not-utf8", archive(b'{"class_name": "\xff\xfe"}')
    yield "configuration-nested", archive(b'{"config":' * 50_000)
    yield "configuration-is-a-number", archive(b"17")
    twice = json.dumps(CONFIG).replace('"units": 3', '"units": 3, "units": 4')
    yield "units-twice", archive(twice.encode())
    changes: list[tuple[str, Any]] = [
        (
            "layer-lambda",
            {"class_name": "Lambda", "config": {"name": "l", "function": "os.system"}},
        ),
        ("layer-custom", {"class_name": "Evil", "module": "evil", "config": {"name": "e"}}),
        ("layer-is-null", None),
        ("layer-is-a-list", [1, 2]),
    ]
    for name, value in changes:
        yield name, archive(changed(CONFIG, layer, set_to(value)))
    for value in (-3, 0, 2**40, 3.5, "3", None, [3], float("nan")):
        text = json.dumps(changed(CONFIG, (*layer, "config", "units"), set_to(value)))
        yield f"units-{value}", archive(text.encode())
    for value in ([None, -4], [None, 2**40], ["a"], 4, []):
        place = ("config", "layers", 0, "config", "batch_shape")
        yield f"shape-{str(value).replace(' ', '')}", archive(changed(CONFIG, place, set_to(value)))
    activation = (*layer, "config", "activation")
    for value in ("no_such", {"class_name": "function", "config": "lambda x: x"}, 3):
        yield f"activation-{str(value)[:12]}", archive(changed(CONFIG, activation, set_to(value)))
    needed = [p for p in json_paths(CONFIG) if p[-1] in ("class_name", "layers", "units", "name")]
    for path in needed:
        if path not in (("class_name",), ("config", "name")):  # those have defaults
            yield f"without-{label(path)}", archive(changed(CONFIG, path, removed))


def _weights() -> Iterator[tuple[str, bytes]]:
    yield "weights-empty", archive(weights=b"")
    yield "weights-cut", archive(weights=stored()[:-900])
    yield "weights-transposed", archive(weights=stored(np.ones((3, 4), np.float32)))
    yield "weights-nan", archive(weights=stored(np.full((4, 3), np.nan, np.float32)))
    yield "weights-infinite", archive(weights=stored(np.full((4, 3), np.inf, np.float32)))
    yield "weights-too-large-for-float32", archive(weights=stored(np.full((4, 3), 1e300)))
    yield "weights-are-text", archive(weights=stored(np.full((4, 3), b"12")))
    yield "weights-are-complex", archive(weights=stored(np.ones((4, 3), np.complex64)))
    yield "weights-one-too-many", archive(weights=stored(None, **{"2": np.zeros(3)}))
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_group("layers/other/vars")["0"] = 1.0
    yield "weights-of-another-layer", archive(weights=stream.getvalue())
