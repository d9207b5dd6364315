"""Damaged LWTNN files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caloexport.converters.export import export
from caloexport.converters.readers import Choices
from tests.malformed.damage import (
    Case,
    changed,
    cuts,
    json_paths,
    label,
    removed,
    set_to,
    write,
)
from tests.networks import four_inputs

LIBRARIES = ("caloexport.converters.lwtnn.architectures",)
#: keys that the C++ reads; others are comments to it
NEEDED = (
    "inputs", "input_sequences", "nodes", "layers", "outputs", "name", "variables", "offset",
    "scale", "type", "sources", "size", "layer_index", "architecture", "weights", "bias",
    "labels", "node_index",
)  # fmt: skip


def cases(folder: Path) -> Iterator[Case]:
    """Write them."""
    good = export(four_inputs(), "lwtnn", folder / "good.json", verify=False).path
    data = json.loads(good.read_bytes())
    for path in folder.iterdir():
        path.unlink()
    del data["caloexport"]
    text = json.dumps(data)
    for name, content in (
        *cuts(text.encode(), 8),
        *_texts(text),
        *_missing(data),
        *_wrong(data),
    ):
        yield write(folder, name, content, ".json")


def good(folder: Path) -> Choices:
    """Write a whole graph."""
    path = export(four_inputs(), "lwtnn", folder / "good.json", verify=False).path
    path.with_name("good.manifest.safetensors").unlink()
    return Choices()


def _texts(text: str) -> Iterator[tuple[str, bytes]]:
    yield "nested-100000-deep", b'{"inputs":' + b"[" * 100_000
    yield "nan", text.replace('"offset": 0', '"offset": NaN', 1).encode()
    yield "infinity", text.replace('"offset": 0', '"offset": 1e400', 1).encode()
    yield "null", text.replace('"offset": 0', '"offset": null', 1).encode()
    yield "integer-as-float", text.replace('"size": 10', '"size": 10.0', 1).encode()
    yield "comment", ("/* LWTNN */ " + text).encode()
    yield "trailing-comma", text.replace("]}", "],}", 1).encode()
    yield "key-twice", ('{"inputs": [], ' + text[1:]).encode()
    yield "two-documents", (text + text).encode()
    yield "text-behind", (text + "and more").encode()
    yield "not-utf8", text.encode().replace(b"node_0", b"node_\xff", 1)
    yield (
        "number-of-a-million-digits",
        text.replace('"offset": 0', '"offset": ' + "1" * 10**6, 1).encode(),
    )
    yield "list-at-the-top", f"[{text}]".encode()


def _missing(data: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    seen = set()
    for path in json_paths(data):
        kind = tuple("*" if isinstance(key, int) else key for key in path)
        ours = kind == ("nodes", "*", "name")  # the C++ knows no such key
        if path[-1] in NEEDED and not ours and kind not in seen:
            seen.add(kind)
            yield f"without-{label(path)}", json.dumps(changed(data, path, removed)).encode()


def _wrong(data: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    (output,) = data["outputs"]
    layer = next(k for k, node in enumerate(data["nodes"]) if node["type"] == "feed_forward")
    joined = next(k for k, node in enumerate(data["nodes"]) if node["type"] == "concatenate")
    last = len(data["nodes"]) - 1
    changes: list[tuple[str, tuple[str | int, ...], Any]] = [
        ("cycle", ("nodes", joined, "sources"), [last]),
        ("reads-itself", ("nodes", layer, "sources"), [layer]),
        ("source-out-of-range", ("nodes", layer, "sources"), [999]),
        ("source-negative", ("nodes", layer, "sources"), [-1]),
        ("two-sources", ("nodes", layer, "sources"), [0, 1]),
        ("no-sources", ("nodes", joined, "sources"), []),
        ("layer-out-of-range", ("nodes", layer, "layer_index"), 999),
        ("node-unknown", ("nodes", layer, "type"), "multiply"),
        ("architecture-unknown", ("layers", 0, "architecture"), "transformer"),
        ("activation-unknown", ("layers", 0, "activation"), "gelu"),
        ("swish-bare", ("layers", 0, "activation"), "swish"),
        ("leakyrelu-bare", ("layers", 0, "activation"), "leakyrelu"),
        ("alpha-a-list", ("layers", 0, "activation"), {"function": "swish", "alpha": [1, 2]}),
        ("size-of-another-input", ("nodes", 0, "size"), 11),
        ("size-huge", ("nodes", 0, "size"), 2**40),
        ("weights-too-few", ("layers", 0, "weights"), [1.0, 2.0, 3.0]),
        ("weights-are-texts", ("layers", 0, "weights"), ["a", "b"]),
        ("weights-an-object", ("layers", 0, "weights"), {"a": 1}),
        ("bias-too-long", ("layers", 0, "bias"), [0.0] * 999),
        ("labels-too-many", ("outputs", output, "labels"), [f"out_{k}" for k in range(99)]),
        ("labels-too-few", ("outputs", output, "labels"), ["out_0"]),
        ("labels-equal", ("outputs", output, "labels"), ["out"] * 60),
        ("labels-are-numbers", ("outputs", output, "labels"), list(range(60))),
        ("output-out-of-range", ("outputs", output, "node_index"), 999),
        ("outputs-empty", ("outputs",), {}),
        ("variables-equal", ("inputs", 0, "variables", 0, "name"), "variable_1"),
        ("inputs-equal", ("inputs", 0, "name"), "node_1"),
        ("nodes-an-object", ("nodes",), {"a": 1}),
        ("nodes-empty", ("nodes",), []),
    ]
    for name, path, value in changes:
        yield name, json.dumps(changed(data, path, set_to(value))).encode()
    huge = [{"type": "concatenate", "sources": [k, k]} for k in range(60)]
    nodes = [data["nodes"][0], *huge]
    grown = {**data, "nodes": nodes, "outputs": {"o": {"labels": ["a"], "node_index": 60}}}
    yield "doubles-60-times", json.dumps(grown).encode()
