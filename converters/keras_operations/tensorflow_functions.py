"""TensorFlow functions in Functional models of Keras 2: the same operations by other names.

Keras 2 writes ``tf.concat([x, y], axis=1)`` as a layer TFOpLambda with the function ``concat``;
its first argument stands in front, all others by name. Indices are a SlicingOpLambda.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from caloexport.converters.keras_layers import LayerCall, Steps, handles, keras_layers

#: TensorFlow's names of second operands
OPERANDS = ("y", "b")


@dataclass(frozen=True)
class Function:
    """What a function is among the Keras operations.

    Attributes:
        operation: key of the handler.
        options: name in Keras by name in TensorFlow.
        defaults: what TensorFlow takes for options of Keras that are not given.
    """

    operation: str
    options: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


AXIS = {"axis": "axis"}
REDUCTION = {"axis": "axis", "keepdims": "keepdims"}
FUNCTIONS: dict[str, Function] = {
    "__operators__.add": Function("ops.Add"),
    "math.add": Function("ops.Add"),
    "math.add_n": Function("Add"),
    "math.subtract": Function("ops.Subtract"),
    "math.multiply": Function("ops.Multiply"),
    "math.truediv": Function("ops.Divide"),
    "math.divide": Function("ops.Divide"),
    "math.negative": Function("ops.Negative"),
    "math.maximum": Function("ops.Maximum"),
    "math.minimum": Function("ops.Minimum"),
    "math.pow": Function("ops.Power"),
    "math.square": Function("ops.Square"),
    "math.sqrt": Function("ops.Sqrt"),
    "math.rsqrt": Function("ops.Rsqrt"),
    "math.reciprocal": Function("ops.Reciprocal"),
    "math.abs": Function("ops.Abs"),
    "math.exp": Function("ops.Exp"),
    "math.log": Function("ops.Log"),
    "math.sin": Function("ops.Sin"),
    "math.cos": Function("ops.Cos"),
    "math.erf": Function("ops.Erf"),
    "math.sigmoid": Function("ops.Sigmoid"),
    "math.tanh": Function("ops.Tanh"),
    "math.softplus": Function("ops.Softplus"),
    "nn.relu": Function("ops.Relu"),
    "nn.relu6": Function("ops.Relu6"),
    "nn.elu": Function("ops.Elu", {}, {"alpha": 1.0}),
    "nn.selu": Function("ops.Selu"),
    "nn.silu": Function("ops.Silu"),
    "nn.gelu": Function("ops.Gelu", {"approximate": "approximate"}, {"approximate": False}),
    "nn.leaky_relu": Function(
        "ops.LeakyRelu", {"alpha": "negative_slope"}, {"negative_slope": 0.2}
    ),
    "nn.softmax": Function("ops.Softmax", AXIS, {"axis": -1}),
    "nn.log_softmax": Function("ops.LogSoftmax", AXIS, {"axis": -1}),
    "nn.softplus": Function("ops.Softplus"),
    "nn.softsign": Function("ops.Softsign"),
    "nn.sigmoid": Function("ops.Sigmoid"),
    "nn.tanh": Function("ops.Tanh"),
    "clip_by_value": Function("ops.Clip", {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    "concat": Function("ops.Concatenate", AXIS),
    "stack": Function("ops.Stack", AXIS, {"axis": 0}),
    "unstack": Function("ops.Unstack", {"axis": "axis", "num": "num"}, {"axis": 0}),
    "split": Function(
        "ops.Split", {"axis": "axis", "num_or_size_splits": "indices_or_sections"}, {"axis": 0}
    ),
    "reshape": Function("ops.Reshape", {"shape": "newshape"}),
    "transpose": Function("ops.Transpose", {"perm": "axes"}),
    "expand_dims": Function("ops.ExpandDims", AXIS),
    "squeeze": Function("ops.Squeeze", AXIS),
    "gather": Function("ops.Take", {"axis": "axis", "indices": "indices"}, {"axis": 0}),
    "reverse": Function("ops.Flip", AXIS),
    "roll": Function("ops.Roll", {"axis": "axis", "shift": "shift"}),
    "repeat": Function("ops.Repeat", {"axis": "axis", "repeats": "repeats"}),
    "tile": Function("ops.Tile", {"multiples": "repeats"}),
    "broadcast_to": Function("ops.BroadcastTo", {"shape": "shape"}),
    "pad": Function(
        "ops.Pad", {"paddings": "pad_width", "mode": "mode", "constant_values": "constant_values"}
    ),
    "math.reduce_sum": Function("ops.Sum", REDUCTION),
    "math.reduce_mean": Function("ops.Mean", REDUCTION),
    "math.reduce_max": Function("ops.Max", REDUCTION),
    "math.reduce_min": Function("ops.Min", REDUCTION),
    "linalg.matmul": Function("ops.Matmul"),
    "tensordot": Function("ops.Tensordot", {"axes": "axes"}),
    "zeros_like": Function("ops.ZerosLike"),
    "ones_like": Function("ops.OnesLike"),
    "cast": Function("ops.Cast", {"dtype": "dtype"}),
    "identity": Function("ops.Identity"),
    "stop_gradient": Function("ops.Identity"),
    "__operators__.getitem": Function("ops.GetItem", {"slice_spec": "key"}),
}


@handles("TFOpLambda", "SlicingOpLambda", constants=True)
def tensorflow_function(call: LayerCall) -> Steps:
    """Return what the handler of the same operation in Keras returns."""
    name = str(call.config.get("function"))
    function = FUNCTIONS.get(name.removeprefix("compat.v1."))
    if function is None:
        message = f"the TensorFlow function {name!r:.60} is not supported"
        raise call.unsupported(message, f"supported: {', '.join(sorted(FUNCTIONS))}")
    config, operands = dict(function.defaults), list(call.arguments)
    for option, value in call.options.items():
        if option in OPERANDS:
            operands.append(value)
        elif option in function.options:
            config[function.options[option]] = value
        elif option != "name" and value not in (None, False, 0):
            message = f"the function {name} is called with {option} = {value!r:.40}"
            raise call.unsupported(message)
    if function.operation == "ops.Split":
        config["indices_or_sections"] = _sections(config.get("indices_or_sections"))
    if "mode" in config:
        config["mode"] = str(config["mode"]).lower()
    class_name = function.operation.rpartition(".")[2]
    own = replace(call, class_name=class_name, config=config, arguments=tuple(operands), options={})
    return keras_layers[function.operation](own)


def _sections(given: Any) -> Any:
    """Return where the parts of given sizes begin, as Keras names them."""
    if isinstance(given, list) and all(type(size) is int for size in given):
        return list(accumulate(given))[:-1]
    return given
