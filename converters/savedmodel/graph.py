"""A network as a TensorFlow graph and a checkpoint beside it.

The graph is a plain one for sessions: placeholders, variables, operators, and a restore operator.
It is written without Keras, because a Keras model kept as an attribute of a tf.Module saves a
graph whose variables exist in Python only: it reloads there and fails in C with "could not find
variable". The weights are variables rather than constants: loading and running took 235 MB for
16 MB of constants, because a session copies its graph several times over, and 22 MB for the same
weights restored from a checkpoint.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from caloexport.converters.physics.network import PhysicsNetwork
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.arrays import Float32
from caloexport.runtime.interface import Interface, standard_interface
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network, Node

TAG, SIGNATURE, PHYSICS = "serve", "serving_default", "physics"
GRAPH_FILE, CHECKPOINT = "saved_model.pb", "variables/variables"
#: the operator names that TensorFlow 2 gives by itself, and that readers have learnt; inputs have
#: that of their signature in front
OUTPUT_OPERATOR = "StatefulPartitionedCall"

#: gives the tensor of a weight, by its node and its name there
Weights = Callable[[Node, str], Any]


def write_saved_model(
    folder: Path, network: Network, manifest: Manifest, physics: PhysicsNetwork | None = None
) -> dict[str, Any]:
    """Write graph and checkpoint of the first output of a network into an existing folder.

    The same network gives the same bytes.

    Args:
        folder: empty.
        network: prepared; the signature ``serving_default`` takes its inputs as they are.
        manifest: gives the names of inputs and variables.
        physics: the same network between physics inputs and energies, as the signature
            ``physics`` over the same variables; None leaves it out.

    Returns:
        the graph tensors to feed and to fetch: {"inputs": {name: tensor}, "output": tensor}, and
        the same under ``"physics"`` where there is such a signature.

    Raises:
        MissingDependency: TensorFlow is not installed.
        OSError: the folder cannot be written.
    """
    tf = import_tensorflow()
    weights = weights_by_variable(network, manifest)
    if weights:
        (folder / CHECKPOINT).parent.mkdir()
        write_checkpoint(tf, folder / CHECKPOINT, weights)
    graph = tf.Graph()
    with graph.as_default():
        added = {SIGNATURE: _add_plain(tf, network, manifest)}
        if physics is not None:
            added[PHYSICS] = _add_physics(tf, network, manifest, physics)
        prefix = tf.compat.v1.placeholder_with_default(CHECKPOINT, (), name="save/prefix")
        saver = add_restore(tf, weights, prefix) if weights else None
        meta = tf.compat.v1.train.export_meta_graph(
            # attributes that hold their default may be unknown to an older TensorFlow
            saver_def=saver,
            strip_default_attrs=True,
        )
    for name, tensors in added.items():
        meta.signature_def[name].CopyFrom(_signature(tensors))
    _write_graph(folder, meta)
    published = {name: tensors.names() for name, tensors in added.items()}
    return {**published.pop(SIGNATURE), **published}


@dataclass(frozen=True)
class _Tensors:
    """What is fed and fetched, by the names that users know."""

    inputs: dict[str, Any]
    result: str
    output: Any

    def names(self) -> dict[str, Any]:
        """Return the names that the graph has for them."""
        inputs = {name: tensor.name for name, tensor in self.inputs.items()}
        return {"inputs": inputs, "output": self.output.name}


def _add_plain(tf: ModuleType, network: Network, manifest: Manifest) -> _Tensors:
    interface = manifest.interface or standard_interface(network.inputs)
    weights, names = variables_of(tf, manifest), (f"{SIGNATURE}_", OUTPUT_OPERATOR)
    inputs, output = add_network(tf, network, interface, weights, *names)
    return _Tensors(inputs, interface.output.name, output)


def _add_physics(
    tf: ModuleType, network: Network, manifest: Manifest, physics: PhysicsNetwork
) -> _Tensors:
    """Add the network again, with physics around it; the few numbers of that are constants."""
    own, variables = {node.name for node in network.nodes}, variables_of(tf, manifest)

    def weight(node: Node, key: str) -> Any:
        return variables(node, key) if node.name in own else tf.constant(node.weights[key])

    names = f"{PHYSICS}_", f"{OUTPUT_OPERATOR}_1", f"{PHYSICS}/layers"
    inputs, output = add_network(tf, physics.network, physics.interface, weight, *names)
    return _Tensors(inputs, physics.interface.output.name, output)


def variable_name(manifest: Manifest, layer: str, weight: str) -> str:
    """Return the name of a weight in graph and checkpoint."""
    # Python's tf.saved_model.load shares variables by name between models of one process, so the
    # name must differ whenever the weights do.
    return f"{manifest.weights_sha256[:16]}/{layer}/{weight}"


def weights_by_variable(network: Network, manifest: Manifest) -> dict[str, Float32]:
    """Return all weights by the names of the variables that hold them."""
    return {
        variable_name(manifest, node.name, key): np.asarray(value, dtype=np.float32)
        for node in network.nodes
        for key, value in sorted(node.weights.items())  # a manifest has them in this order, too
    }


def write_checkpoint(tf: ModuleType, prefix: Path, weights: dict[str, Float32]) -> None:
    """Write variables as ``prefix.index`` and ``prefix.data-00000-of-00001``.

    Raises:
        OSError: they cannot be written.
    """
    try:
        tf.raw_ops.SaveV2(
            prefix=str(prefix),
            tensor_names=list(weights),
            shape_and_slices=[""] * len(weights),
            tensors=[tf.constant(value) for value in weights.values()],
        )
    except tf.errors.OpError as error:
        reason = error.message.split("; ")[-1].split(" [Op:")[0]
        raise OSError(errno.EIO, reason) from error


def variables_of(tf: ModuleType, manifest: Manifest) -> Weights:
    """Return what adds a read of the variable that holds a weight."""

    def read(node: Node, key: str) -> Any:
        return _read(tf, variable_name(manifest, node.name, key), node.weights[key].shape)

    return read


def add_network(
    tf: ModuleType,
    network: Network,
    interface: Interface,
    weights: Weights,
    prefix: str,
    result: str,
    scope: str = "layers",
) -> tuple[dict[str, Any], Any]:
    """Add placeholders, weights and operators; return input tensors by name, and the output.

    Args:
        tf: the library.
        network: prepared, so that every layer has a translation.
        interface: gives names and type of the inputs.
        weights: gives the tensor of a weight.
        prefix: of the placeholders' names.
        result: name of the operator that gives the output.
        scope: of the layers' operators.
    """
    inputs = {
        port.name: tf.compat.v1.placeholder(
            interface.dtype, (interface.batch, *shape), name=prefix + _operator_name(port.name)
        )
        for port, shape in zip(interface.inputs, network.inputs.values(), strict=True)
    }
    # only the outside may be float64: weights and layers stay as they were proven
    single = [tf.cast(x, tf.float32) for x in inputs.values()]
    tensors = dict(zip(network.inputs, single, strict=True))
    for node in network.nodes:
        with tf.name_scope(f"{scope}/{_operator_name(node.name)}/"):
            read = {key: weights(node, key) for key in sorted(node.weights)}
            reads = [tensors[name] for name in node.inputs]
            tensors[node.name] = tensorflow_layers[node.kind](tf, node, reads, read)
            tensors[node.name].set_shape((interface.batch, *network.shapes[node.name]))
    output = tf.cast(tensors[network.outputs[0]], interface.dtype)
    return inputs, tf.identity(output, name=result)


def _read(tf: ModuleType, name: str, shape: tuple[int, ...]) -> Any:
    value = tf.raw_ops.ReadVariableOp(resource=_variable(tf, name, shape), dtype=tf.float32)
    value.set_shape(shape)
    return value


def _variable(tf: ModuleType, name: str, shape: tuple[int, ...]) -> Any:
    return tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=shape, shared_name=name)


def _operator_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def add_restore(tf: ModuleType, weights: dict[str, Float32], prefix: Any) -> Any:
    """Add what fills the variables from the checkpoint; a session runs it when it loads.

    Args:
        tf: the library.
        weights: by variable.
        prefix: string tensor that names the checkpoint.

    Returns:
        what a Saver knows about it.
    """
    with tf.name_scope("save/"):
        values = tf.raw_ops.RestoreV2(
            prefix=prefix,
            tensor_names=list(weights),
            shape_and_slices=[""] * len(weights),
            dtypes=[tf.float32] * len(weights),
        )
        assigned = [
            tf.raw_ops.AssignVariableOp(
                resource=_variable(tf, name, weights[name].shape), value=value
            )
            for name, value in zip(weights, values, strict=True)
        ]
        restore = tf.group(*assigned, name="restore_all")
    return tf.compat.v1.train.SaverDef(
        filename_tensor_name=prefix.name,
        save_tensor_name=prefix.name,  # must be set; the graph holds no operator that writes
        restore_op_name=restore.name,
        version=tf.compat.v1.train.SaverDef.V2,
    )


def _signature(tensors: _Tensors) -> Any:
    from tensorflow.core.protobuf import meta_graph_pb2

    signature = meta_graph_pb2.SignatureDef(method_name="tensorflow/serving/predict")
    for side, key, tensor in (
        *((signature.inputs, name, x) for name, x in tensors.inputs.items()),
        (signature.outputs, tensors.result, tensors.output),
    ):
        side[key].name = tensor.name
        side[key].dtype = tensor.dtype.as_datatype_enum
        side[key].tensor_shape.CopyFrom(tensor.shape.as_proto())
    return signature


def _write_graph(folder: Path, meta: Any) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    meta.meta_info_def.tags.append(TAG)
    model = saved_model_pb2.SavedModel(saved_model_schema_version=1, meta_graphs=[meta])
    (folder / GRAPH_FILE).write_bytes(model.SerializeToString(deterministic=True))
