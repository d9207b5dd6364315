"""A SavedModel in a session of TensorFlow 1, which does what C and C++ do.

``tf.saved_model.load`` would prove nothing for them: it rebuilds Python objects, and succeeds
where a session fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from caloexport.converters.physics.network import SHOWERS, physics_inputs
from caloexport.converters.savedmodel.graph import GRAPH_FILE, PHYSICS, SIGNATURE, TAG
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file
from caloexport.runtime.interface import standard_interface, tensor_shapes
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Shape

#: our graphs hold no weights; a larger one is another program's
GRAPH_LIMIT_BYTES = 64 << 20
#: what restoring variables needs. Every other operator with a side effect (one may write files or
#: call Python) is refused: opening a file from somewhere must not run anything.
STATEFUL = {"VarHandleOp", "ReadVariableOp", "AssignVariableOp", "RestoreV2"}


@dataclass(frozen=True)
class Endpoint:
    """What a signature must have: its inputs and its output by name, without the batch axis."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]


def endpoints(manifest: Manifest, where: str) -> dict[str, Endpoint]:
    """Return the signatures that a SavedModel of a manifest may have.

    Raises:
        InputFileError: the graph of the manifest is damaged.
    """
    network = weightless_network(manifest.network, where)
    interface = manifest.interface or standard_interface(network.inputs)
    inputs = tensor_shapes(network.inputs, interface)
    result = {interface.output.name: network.shapes[network.outputs[0]]}
    found = {SIGNATURE: Endpoint(inputs, result)}
    if manifest.sampling is not None:
        showers = {SHOWERS: manifest.sampling.mesh.shape}
        found[PHYSICS] = Endpoint(physics_inputs(manifest.sampling), showers)
    return found


def open_session(
    folder: Path, manifest: Manifest, threads: int, name: str = SIGNATURE
) -> Callable[..., list[Any]]:
    """Return a function of the input arrays that returns a list with the output array.

    Args:
        folder: a SavedModel written by caloexport.
        manifest: gives the signatures that are expected, and the order of the arguments.
        threads: that one call may use.
        name: of the signature that is called.

    Raises:
        InputFileError: damaged, not this network, or its graph does more than compute.
        MissingDependency: TensorFlow is not installed.
    """
    expected = endpoints(manifest, str(folder))
    tf = import_tensorflow()
    _require_harmless(tf, folder)
    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads
    )
    session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
    try:
        with session.graph.as_default(), without_advice(tf):
            meta = tf.compat.v1.saved_model.load(session, [TAG], str(folder))
        _require_signatures(folder, meta.signature_def, expected, name)
        signature, endpoint = meta.signature_def[name], expected[name]
        return session.make_callable(
            [signature.outputs[result].name for result in endpoint.outputs],
            feed_list=[signature.inputs[given].name for given in endpoint.inputs],
        )
    except InputFileError:
        session.close()
        raise
    except (tf.errors.OpError, OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        session.close()
        raise _damaged(folder, error) from error


def _require_signatures(
    folder: Path, found: Mapping[str, Any], expected: Mapping[str, Endpoint], needed: str
) -> None:
    """Compare signatures with what the manifest says; ``physics`` may be missing."""
    unknown = [name for name in found if name not in expected]
    missing = [name for name in (SIGNATURE, needed) if name not in found]
    if unknown or missing:
        what = f"a signature '{unknown[0]}' of its own" if unknown else f"no '{missing[0]}'"
        message = f"has {what}, expected {' and '.join(expected)}"
        raise InputFileError(message, where=str(folder), hint="write it with caloexport convert")
    for name, signature in found.items():
        _require_endpoint(folder, name, signature, expected[name])


def _require_endpoint(folder: Path, name: str, signature: Any, expected: Endpoint) -> None:
    """Compare names and shapes, without the batch axis."""
    for side, wanted in (
        (signature.inputs, expected.inputs),
        (signature.outputs, expected.outputs),
    ):
        found = {
            key: tuple(dim.size for dim in tensor.tensor_shape.dim[1:])
            for key, tensor in side.items()
        }
        if found != wanted:
            message = f"its signature '{name}' has {found or 'nothing'}, its manifest says {wanted}"
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
