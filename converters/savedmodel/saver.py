"""A network as programs of TensorFlow 1 have it: a graph file and the checkpoint of a Saver.

Loaders that were made for those files (cppflow of its first version, and what builds on it)
import the graph, feed the name of the checkpoint into ``save/Const``, run ``save/restore_all``,
and then feed and fetch operators by name, output 0. They know nothing of SavedModels.
"""

from __future__ import annotations

from pathlib import Path

from caloexport.converters.savedmodel.graph import (
    add_network,
    add_restore,
    variables_of,
    weights_by_variable,
    write_checkpoint,
)
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.interface import standard_interface
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network

GRAPH, CHECKPOINT = "model.pb", "model.ckpt"
#: an input that one loader feeds with numbers whatever the model is, so it must exist
EXTRA_INPUT = "x_input"


def write_saver_files(folder: Path, network: Network, manifest: Manifest) -> None:
    """Write graph, checkpoint and meta graph of a network into an existing folder.

    Raises:
        MissingDependency: TensorFlow is not installed.
        OSError: the folder cannot be written.
    """
    tf = import_tensorflow()
    weights = weights_by_variable(network, manifest)
    write_checkpoint(tf, folder / CHECKPOINT, weights)
    interface = manifest.interface or standard_interface(network.inputs)
    graph = tf.Graph()
    with graph.as_default():
        result = interface.output.name
        inputs, _ = add_network(tf, network, interface, variables_of(tf, manifest), "", result)
        if EXTRA_INPUT not in inputs:
            tf.compat.v1.placeholder(tf.float32, None, name=EXTRA_INPUT)
        # a constant, which a session lets be fed like any tensor
        prefix = tf.constant(CHECKPOINT, name="save/Const")
        saver = add_restore(tf, weights, prefix)
        meta = tf.compat.v1.train.export_meta_graph(saver_def=saver, strip_default_attrs=True)
    (folder / GRAPH).write_bytes(meta.graph_def.SerializeToString(deterministic=True))
    (folder / f"{CHECKPOINT}.meta").write_bytes(meta.SerializeToString(deterministic=True))
