"""A small valid graph, and ways to write it down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def small_graph() -> dict[str, Any]:
    """Return two inputs (1 and 2 variables), concatenate, dense 3 to 2, rectified."""
    return {
        "inputs": [
            {"name": "a", "variables": [{"name": "x", "offset": 0, "scale": 1}]},
            {
                "name": "b",
                "variables": [
                    {"name": "x", "offset": 0, "scale": 1},
                    {"name": "y", "offset": -1, "scale": 2.0},
                ],
            },
        ],
        "input_sequences": [],
        "nodes": [
            {"type": "input", "sources": [0], "size": 1},
            {"type": "input", "sources": [1], "size": 2},
            {"type": "concatenate", "sources": [0, 1]},
            {"type": "feed_forward", "sources": [2], "layer_index": 0},
        ],
        "layers": [
            {
                "architecture": "dense",
                "weights": [1, 2, 3, 4, 5, 6.5],
                "bias": [0.5, -0.5],
                "activation": "rectified",
            }
        ],
        "outputs": {"out": {"labels": ["o_0", "o_1"], "node_index": 3}},
    }


def written(folder: Path, graph: Any) -> Path:
    """Write a graph (or any text) to a file."""
    path = folder / "graph.json"
    path.write_text(graph if isinstance(graph, str) else json.dumps(graph), encoding="utf-8")
    return path
