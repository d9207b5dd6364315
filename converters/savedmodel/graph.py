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
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.arrays import Float32
from caloexport.runtime.interface import standard_interface
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network

TAG, SIGNATURE, OUTPUT = "serve", "serving_default", "output"
GRAPH_FILE, CHECKPOINT = "saved_model.pb", "variables/variables"
#: the operator names that TensorFlow 2 gives by itself, and that readers have learnt
INPUT_PREFIX, OUTPUT_OPERATOR = "serving_default_", "StatefulPartitionedCall"


def write_saved_model(folder: Path, network: Network, manifest: Manifest) -> dict[str, Any]:
    """Write graph and checkpoint of the first output of a network into an existing folder.

    The same network gives the same bytes.

    Returns:
        the graph tensors to feed and to fetch: {"inputs": {name: tensor}, "output": tensor}.

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
        inputs, output = add_network(tf, network, manifest, INPUT_PREFIX, OUTPUT_OPERATOR)
        prefix = tf.compat.v1.placeholder_with_default(CHECKPOINT, (), name="save/prefix")
        saver = add_restore(tf, weights, prefix) if weights else None
        meta = tf.compat.v1.train.export_meta_graph(
            # attributes that hold their default may be unknown to an older TensorFlow
            saver_def=saver,
            strip_default_attrs=True,
        )
    tensors = {"inputs": {name: x.name for name, x in inputs.items()}, "output": output.name}
    result = OUTPUT if manifest.interface is None else manifest.interface.output.name
    _write_graph(folder, meta, _signature(inputs, result, output))
    return tensors


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
        for key, value in node.weights.items()
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


def add_network(
    tf: ModuleType, network: Network, manifest: Manifest, prefix: str, result: str
) -> tuple[Any, Any]:
    """Add placeholders, variables and operators; return input tensors by name, and the output.

    Args:
        tf: the library.
        network: prepared, so that every layer has a translation.
        manifest: gives the names of inputs and variables.
        prefix: of the placeholders' names.
        result: name of the operator that gives the output.
    """
    interface = manifest.interface or standard_interface(network.inputs)
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
        with tf.name_scope(f"layers/{_operator_name(node.name)}/"):
            variables = {
                key: _read(tf, variable_name(manifest, node.name, key), value.shape)
                for key, value in node.weights.items()
            }
            reads = [tensors[name] for name in node.inputs]
            tensors[node.name] = tensorflow_layers[node.kind](tf, node, reads, variables)
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


def _signature(inputs: dict[str, Any], result: str, output: Any) -> Any:
    from tensorflow.core.protobuf import meta_graph_pb2

    signature = meta_graph_pb2.SignatureDef(method_name="tensorflow/serving/predict")
    for side, key, tensor in (
        *((signature.inputs, name, x) for name, x in inputs.items()),
        (signature.outputs, result, output),
    ):
        side[key].name = tensor.name
        side[key].dtype = tensor.dtype.as_datatype_enum
        side[key].tensor_shape.CopyFrom(tensor.shape.as_proto())
    return signature


def _write_graph(folder: Path, meta: Any, signature: Any) -> None:
    from tensorflow.core.protobuf import saved_model_pb2

    meta.meta_info_def.tags.append(TAG)
    meta.signature_def[SIGNATURE].CopyFrom(signature)
    model = saved_model_pb2.SavedModel(saved_model_schema_version=1, meta_graphs=[meta])
    (folder / GRAPH_FILE).write_bytes(model.SerializeToString(deterministic=True))
