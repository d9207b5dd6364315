from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.bench.workloads import workloads
from caloexport.converters.export import export
from caloexport.converters.snippets_for import write_snippets
from caloexport.runtime.errors import UnsupportedError


@pytest.mark.parametrize("name", ["lwtnn-graph", "lwtnn-fastgraph"])
def test_sources_use_the_names_that_the_file_uses(name: str, tmp_path: Path) -> None:
    artifact = tmp_path / "w3b.json"
    export(workloads["W3b"](), "lwtnn", artifact)
    written = write_snippets(name, artifact, tmp_path / name)
    assert {"lwtnn_generator.h", "lwtnn_file.h", "lwtnn_showers.cc", "CMakeLists.txt"} <= set(
        written.files
    )
    graph = json.loads((written.folder / "w3b.json").read_text())
    header = (written.folder / "W3b_physics.h").read_text()
    assert [node["name"] for node in graph["inputs"]] == ["node_0"]
    assert '{"node_0", 0, 51}' in header
    assert list(graph["outputs"]) == ["output"]
    assert 'output_name = "output"' in header


@pytest.mark.parametrize("name", ["lwtnn-graph", "lwtnn-fastgraph"])
def test_other_formats_are_refused(name: str, tmp_path: Path) -> None:
    artifact = tmp_path / "w3b.safetensors"
    export(workloads["W3b"](), "numba", artifact)
    with pytest.raises(UnsupportedError, match=f"snippet {name} takes lwtnn, not numba"):
        write_snippets(name, artifact, tmp_path / name)
