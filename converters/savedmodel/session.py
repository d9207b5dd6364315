"""A SavedModel in a session of TensorFlow 1, which does what C and C++ do.

``tf.saved_model.load`` would prove nothing for them: it rebuilds Python objects, and succeeds
where a session fails.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.graph import GRAPH_FILE, OUTPUT, SIGNATURE, TAG
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file
from caloexport.runtime.interface import Interface, tensor_shapes
from caloexport.runtime.network import Network

#: our graphs hold no weights; a larger one is another program's
GRAPH_LIMIT_BYTES = 64 << 20
#: what restoring variables needs. Every other operator with a side effect (one may write files or
#: call Python) is refused: opening a file from somewhere must not run anything.
STATEFUL = {"VarHandleOp", "ReadVariableOp", "AssignVariableOp", "RestoreV2"}


def open_session(
    folder: Path, network: Network, threads: int, interface: Interface | None = None
) -> Callable[..., list[Any]]:
    """Return a function of the input arrays that returns a list with the output array.

    Args:
        folder: a SavedModel written by caloexport.
        network: gives the order of the arguments, and the shapes that are expected.
        threads: that one call may use.
        interface: names of the arguments and of the result; None for our own.

    Raises:
        InputFileError: damaged, not this network, or its graph does more than compute.
        MissingDependency: TensorFlow is not installed.
    """
    tf = import_tensorflow()
    _require_harmless(tf, folder)
    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads
    )
    session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
    try:
        with session.graph.as_default(), without_advice(tf):
            meta = tf.compat.v1.saved_model.load(session, [TAG], str(folder))
        signature = meta.signature_def[SIGNATURE]
        shapes = tensor_shapes(network.inputs, interface)
        result = OUTPUT if interface is None else interface.output.name
        _require_signature(folder, signature, shapes, {result: network.shapes[network.outputs[0]]})
        return session.make_callable(
            [signature.outputs[result].name],
            feed_list=[signature.inputs[name].name for name in shapes],
        )
    except InputFileError:
        session.close()
        raise
    except (tf.errors.OpError, OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        session.close()
        raise _damaged(folder, error) from error


def _require_signature(
    folder: Path, signature: Any, inputs: dict[str, Any], result: dict[str, Any]
) -> None:
    """Compare names and shapes, without the batch axis, with what the manifest says."""
    for side, expected in ((signature.inputs, inputs), (signature.outputs, result)):
        found = {
            name: tuple(dim.size for dim in tensor.tensor_shape.dim[1:])
            for name, tensor in side.items()
        }
        if found != expected:
            message = f"its signature has {found or 'nothing'}, its manifest says {expected}"
            raise InputFileError(message, where=str(folder))


def _require_harmless(tf: ModuleType, folder: Path) -> None:
    """Refuse a graph with side effects, before anything of it runs."""
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    path = existing_file(folder / GRAPH_FILE, "SavedModel graph")
    if path.stat().st_size > GRAPH_LIMIT_BYTES:
        message = f"has {path.stat().st_size} bytes, a graph of caloexport has far less"
        raise InputFileError(message, where=str(path))
    graph = tf.Graph()
    try:
        model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
        with graph.as_default():
            for meta in model.meta_graphs:
                tf.import_graph_def(meta.graph_def, name="")
        functions = [f for meta in model.meta_graphs for f in meta.graph_def.library.function]
    except (DecodeError, tf.errors.OpError, ValueError, TypeError, KeyError) as error:
        raise _damaged(folder, error) from error
    effects = {o.type for o in graph.get_operations() if o.op_def.is_stateful} - STATEFUL
    if effects or functions or not model.meta_graphs:
        found = ", ".join(sorted(effects)) or "functions of its own"
        message = f"its graph does more than compute ({found}), so it was not opened"
        raise InputFileError(message, where=str(folder), hint="write it with caloexport convert")


def _damaged(folder: Path, error: Exception) -> InputFileError:
    reason = str(error).strip().split("\n")[0]
    message = f"is a damaged SavedModel: {type(error).__name__}: {reason:.200}"
    return InputFileError(message, where=str(folder), hint="write it again")
