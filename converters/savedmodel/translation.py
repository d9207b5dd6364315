"""From the graph of a SavedModel to nodes of a network, function calls included.

The graph is followed back from the wanted output; what does not lead there (training, saving) is
never looked at, and nothing is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.checkpoint import Checkpoint
from caloexport.converters.savedmodel.draft import Draft
from caloexport.converters.savedmodel.graph_message import Body, GraphNode, SavedGraph
from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Value, Variable
from caloexport.converters.savedmodel.variables import checkpoint_keys
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import CaloexportError, InputFileError, UnsupportedError

#: functions that call functions, and operators looked at all together
DEEPEST_CALLS, MOST_CALLS = 50, 200_000


class Translation:
    """One way through the graph, from inputs to an output.

    Args:
        graph: of the SavedModel.
        checkpoint: holds its variables.
        draft: takes the nodes.
        where: the folder, for messages.
    """

    def __init__(
        self, graph: SavedGraph, checkpoint: Checkpoint | None, draft: Draft, where: str
    ) -> None:
        self._graph, self._checkpoint, self._draft = graph, checkpoint, draft
        self._where = where
        self._keys = checkpoint_keys(graph)
        self._read: dict[str, Array] = {}
        self._depth = self._calls = 0

    def evaluate(
        self, body: Body, given: Mapping[tuple[str, int], Value], wanted: Sequence[str]
    ) -> list[Value]:
        """Return the values of references, given those of arguments or placeholders.

        Raises:
            InputFileError: the graph has a loop or a gap.
            UnsupportedError: an operator that networks cannot express.
        """
        made: dict[str, Sequence[Value]] = {}

        def find(place: tuple[str, int]) -> Value | None:
            if place in given:
                return given[place]
            outputs = made.get(place[0])
            if outputs is None:
                return None
            if place[1] >= len(outputs):
                message = f"node '{place[0]}' has no output {place[1]} that can be translated"
                raise UnsupportedError(message, where=self._where)
            return outputs[place[1]]

        for node in self._ordered(body, given, wanted):
            inputs = [find(body.locate(reference)) for reference in node.inputs]
            made[node.name] = self._apply(node, [x for x in inputs if x is not None])
        found = [find(body.locate(reference)) for reference in wanted]
        return [value for value in found if value is not None]

    def _ordered(
        self, body: Body, given: Mapping[tuple[str, int], Value], wanted: Sequence[str]
    ) -> list[GraphNode]:
        """Return the nodes that lead to the references, each after those that it reads."""
        ordered: list[GraphNode] = []
        state: dict[str, bool] = {}  # False while the nodes before it are visited
        pending = [(body.locate(reference), False) for reference in reversed(wanted)]
        while pending:
            place, left = pending.pop()
            name = place[0]
            if left:
                state[name] = True
                ordered.append(body.nodes[name])
            elif place in given or state.get(name):
                continue
            elif name in state or name not in body.nodes:
                what = "has a loop at" if name in state else "lacks the node"
                message = f"its graph {what} '{name}'"
                raise InputFileError(message, where=self._where, hint="the file is damaged")
            else:
                state[name] = False
                pending.append((place, True))
                reads = [body.locate(one) for one in body.nodes[name].inputs]
                pending += [(one, False) for one in reversed(reads)]
        return ordered

    def _apply(self, node: GraphNode, inputs: Sequence[Value]) -> Sequence[Value]:
        self._calls += 1
        if self._calls > MOST_CALLS:
            message = f"its functions take more than {MOST_CALLS} operators"
            raise InputFileError(message, where=self._where)
        if node.operator not in operators:
            message = f"node '{node.name}': operator {node.operator} cannot be translated"
            hint = "convert the .keras file instead, if there is one"
            raise UnsupportedError(message, where=self._where, hint=hint)
        call = Call(node, inputs, self._draft, self._weights, self._run)
        try:
            with np.errstate(all="ignore"):  # what the graph itself would compute
                result = operators[node.operator](call)
        except CaloexportError as error:
            if error.where is None:
                error.where = self._where
            if "node '" not in error.message:
                error.message = f"node '{node.name}': operator {node.operator}: {error.message}"
            raise
        except WireError as error:
            message = f"node '{node.name}' of its graph is damaged: {error}"
            raise InputFileError(message, where=self._where, hint="save it again") from None
        except (TypeError, ValueError, IndexError, OverflowError, ArithmeticError) as error:
            message = f"node '{node.name}': operator {node.operator} does not fit its inputs"
            reason = f"{message}: {error}"
            raise UnsupportedError(reason, where=self._where) from None
        if isinstance(result, Sequence):
            return result
        return [result]

    def _run(self, name: str, arguments: Sequence[Value]) -> list[Value]:
        body = self._graph.functions.get(name)
        if body is None or len(body.arguments) != len(arguments):
            message = f"function '{name}' is missing, or takes other arguments"
            raise InputFileError(message, where=self._where, hint="the file is damaged")
        if self._depth >= DEEPEST_CALLS:
            message = f"its functions call each other more than {DEEPEST_CALLS} deep"
            raise InputFileError(message, where=self._where)
        self._depth += 1
        try:
            given = {(key, 0): x for key, x in zip(body.arguments, arguments, strict=True)}
            return self.evaluate(body, given, body.results)
        finally:
            self._depth -= 1

    def _weights(self, variable: Variable) -> Array:
        if variable.name not in self._read:
            key = self._keys.get(variable.name)
            if key is None or self._checkpoint is None:
                message = f"does not restore variable '{variable.name}' when it is loaded"
                raise InputFileError(
                    message, where=self._where, hint="save the model with its variables"
                )
            self._read[variable.name] = self._checkpoint.read(key)
        found, declared = self._read[variable.name], variable.shape
        if declared is not None and not _agree(found.shape, declared):
            message = (
                f"variable '{variable.name}' has the shape {found.shape} in the checkpoint, "
                f"{declared} in the graph"
            )
            raise InputFileError(
                message, where=self._where, hint="graph and checkpoint of one save?"
            )
        return found


def _agree(shape: tuple[int, ...], declared: tuple[int, ...]) -> bool:
    fits = (size in (n, -1) for n, size in zip(shape, declared, strict=False))
    return len(shape) == len(declared) and all(fits)
