"""TensorFlow made ready for training: threads, determinism, no chatter."""

from __future__ import annotations

from types import ModuleType

from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.runtime.errors import UsageError
from caloexport.runtime.extras import require


def prepare_tensorflow(threads: int) -> ModuleType:
    """Import TensorFlow and set it up for repeatable training on a processor.

    The number of threads decides the order of sums, and so the last bits of the weights; it can
    be set once in a process.

    Raises:
        MissingDependency: TensorFlow or Keras is absent.
        UsageError: Keras was told to use another backend, or TensorFlow already runs with
            another number of threads.
    """
    tensorflow = import_tensorflow()
    keras = require("keras", extra="train")
    if keras.backend.backend() != "tensorflow":
        message = f"Keras uses the backend '{keras.backend.backend()}', expected 'tensorflow'"
        raise UsageError(message, hint="unset KERAS_BACKEND")
    threading = tensorflow.config.threading
    try:
        threading.set_intra_op_parallelism_threads(threads)
        threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        running = threading.get_intra_op_parallelism_threads()
        if running not in (0, threads):  # 0: its own choice, made before we were asked
            message = f"TensorFlow already runs with {running} threads in this process"
            raise UsageError(message, hint=f"start a new process for {threads}") from None
    tensorflow.config.experimental.enable_op_determinism()
    return tensorflow
