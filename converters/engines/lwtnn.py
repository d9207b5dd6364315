"""LWTNN: our strict evaluator of its JSON, which follows the C++ and needs numpy only."""

from __future__ import annotations

import tempfile
from pathlib import Path

from caloexport.converters.lwtnn.evaluate import evaluate_graph
from caloexport.converters.lwtnn.graph import Graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.generator import Generator


class LwtnnExecutor:
    """A graph that was read; evaluating it changes nothing."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def run(self, x: Array) -> Float64:
        """Return the outputs (n, n_out) of inputs (n, n_in), in the order of the file."""
        return evaluate_graph(self._graph, x)


class LwtnnBackend(Backend):
    """The strict evaluator, in float64."""

    target = "lwtnn"
    tolerance = "text"

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        from caloexport.converters.export import rewritten_for
        from caloexport.converters.lwtnn.write import write_graph

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "graph.json"
            write_graph(path, rewritten_for(generator, self.target).network, {})
            return self.open(path)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        return LwtnnExecutor(read_lwtnn(path))


backends.register("lwtnn")(LwtnnBackend())
