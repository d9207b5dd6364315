"""Damaged artifacts of the runtime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.export import export
from caloexport.converters.readers import Choices
from tests.malformed.damage import Case, changed, cuts, fillings, flips, removed, set_to, write
from tests.networks import decoder
from tests.networks_large import large_decoder

LIBRARIES = ("caloexport.runtime.artifact",)


def cases(folder: Path) -> Iterator[Case]:
    """Write them."""
    good = export(decoder(), "numba", folder / "good.safetensors", verify=False).path
    whole = good.read_bytes()
    good.unlink()
    length = int.from_bytes(whole[:8], "little")
    header, data = json.loads(whole[8 : 8 + length]), whole[8 + length :]
    for name, content in (
        *cuts(whole, 6),
        *flips(whole, range(8, 8 + 60), 6),
        *fillings(whole, whole[:16]),
        *_headers(header, data),
        *_manifests(header, data),
        *_reduced(folder),
    ):
        yield write(folder, name, content, ".safetensors")


def good(folder: Path) -> Choices:
    """Write a whole artifact."""
    export(decoder(), "numba", folder / "good.safetensors", verify=False)
    return Choices()


def _file(header: Any, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    if not isinstance(header, bytes):
        text += b" " * (-(len(text) + 8) % 64)  # as it should be: the data are not at odd addresses
    return len(text).to_bytes(8, "little") + text + data


def _reduced(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files in fewer bits whose large kernels or scales are wrong."""
    good = export(
        large_decoder(), "numba", folder / "good.safetensors", verify=False, precision="int8"
    ).path
    whole = good.read_bytes()
    good.unlink()
    length = int.from_bytes(whole[:8], "little")
    header, data = json.loads(whole[8 : 8 + length]), whole[8 + length :]
    kernel, scale = "cells.kernel", "cells.kernel_scale"
    first, last = header[scale]["data_offsets"]
    for name, value in (("nan", np.nan), ("negative", -1.0), ("zero", 0.0), ("infinite", np.inf)):
        number = np.float32(value).tobytes()
        yield f"scale-{name}", _file(header, data[:first] + number + data[first + 4 :])
    padded = np.frombuffer(data[first:last], "<f4").copy()
    padded[-1] = 1.0
    yield "scale-behind-the-last", _file(header, data[:first] + padded.tobytes() + data[last:])
    yield "scales-missing", _file(changed(header, (scale,), removed), data)
    renamed = {("no_scale" if name == scale else name): entry for name, entry in header.items()}
    yield "scales-misnamed", _file(renamed, data)
    for name, spot, value in (
        ("scales-as-integers", (scale, "dtype"), "I32"),
        ("scales-in-two-axes", (scale, "shape"), [2, (last - first) // 8]),
        ("levels-signed", (kernel, "dtype"), "I8"),
        ("levels-flat", (kernel, "shape"), [int(np.prod(header[kernel]["shape"]))]),
        ("levels-turned", (kernel, "shape"), header[kernel]["shape"][::-1]),
    ):
        yield name, _file(changed(header, spot, set_to(value)), data)
    manifest = json.loads(header["__metadata__"]["manifest"])
    for precision in ("float32", "bfloat16"):
        other = changed(manifest, ("precision",), set_to(precision))
        yield f"int8-called-{precision}", _file(_with_manifest(header, other), data)


def _headers(header: dict[str, Any], data: bytes) -> Iterator[tuple[str, bytes]]:
    first = next(name for name in header if name != "__metadata__")
    spot = (first, "shape")
    yield "header-of-4-gigabytes", (2**32 - 1).to_bytes(8, "little") + b"{" + data
    yield "header-of-no-length", (0).to_bytes(8, "little") + b"{" + data
    yield "nested-100000-deep", _file(b'{"a":' + b"[" * 100_000, b"")
    yield "name-twice", _file(json.dumps(header)[:-1].encode() + b',"x":1,"x":2}', data)
    yield "shape-negative", _file(changed(header, spot, set_to([-1, -4])), data)
    yield "shape-huge", _file(changed(header, spot, set_to([2**62, 4])), data)
    yield "shape-of-many-axes", _file(changed(header, spot, set_to([1] * 100_000)), data)
    yield "shape-is-text", _file(changed(header, spot, set_to("8,8")), data)
    yield "type-unknown", _file(changed(header, (first, "dtype"), set_to("F8_E4M3")), data)
    yield (
        "span-beyond-the-end",
        _file(changed(header, (first, "data_offsets"), set_to([0, 2**40])), data),
    )
    yield "tensor-missing", _file(changed(header, (first,), removed), data)
    yield "metadata-missing", _file(changed(header, ("__metadata__",), removed), data)
    yield "metadata-is-a-list", _file(changed(header, ("__metadata__",), set_to([1])), data)
    yield "bytes-behind-the-data", _file(header, data + b"more")
    yield "header-is-a-list", _file(b"[1, 2, 3]", data)
    yield "header-not-utf8", _file(b'{"\xff\xfe": 1}', data)


def _manifests(header: dict[str, Any], data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield files whose manifest is wrong although its hash is right."""
    manifest = json.loads(header["__metadata__"]["manifest"])
    changes: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("schema-of-tomorrow", ("schema",), set_to("caloexport.manifest/99")),
        ("precision-unknown", ("precision",), set_to("float4")),
        ("layer-unknown", ("network", "nodes", 0, "kind"), set_to("lambda")),
        ("layer-reads-itself", ("network", "nodes", 0, "inputs"), set_to(["hidden"])),
        ("layer-twice", ("network", "nodes", 1, "name"), set_to("hidden")),
        ("no-layers", ("network", "nodes"), set_to([])),
        ("output-unknown", ("network", "outputs"), set_to(["nowhere"])),
        ("input-huge", ("network", "inputs", 0, "shape"), set_to([2**40])),
        ("weight-huge", ("network", "nodes", 0, "weights", "kernel"), set_to([2**30, 2**30])),
        ("noise-negative", ("sampling", "noise", "size"), set_to(-3)),
        ("mesh-huge", ("sampling", "mesh", "n_r"), set_to(2**40)),
        ("sampling-is-text", ("sampling",), set_to("yes")),
        ("network-missing", ("network",), removed),
    ]
    for name, path, change in changes:
        wrong = changed(manifest, path, change)
        yield name, _file(_with_manifest(header, wrong), data)
    text = json.dumps(manifest).replace("1000.0", "NaN", 1)
    metadata = {**header["__metadata__"], "manifest": text}
    yield "manifest-with-nan", _file({**header, "__metadata__": metadata}, data)
    damaged = np.frombuffer(data, dtype="<f4").copy()
    damaged[5] = np.nan
    yield "weight-nan", _file(header, damaged.tobytes())


def _with_manifest(header: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
    hidden = {k: v for k, v in manifest.get("provenance", {}).items() if k != "created"}
    hashed = json.dumps({**manifest, "provenance": hidden}, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(hashed.encode()).hexdigest()
    metadata = {**header["__metadata__"], "manifest": text, "manifest_sha256": digest}
    return {**header, "__metadata__": metadata}
