"""One small function of TensorFlow for every operator that can be read, and its input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """A function of TensorFlow and a tensor.

    Attributes:
        operator: that it is about; its graph holds it.
        function: from TensorFlow and x to the output.
        shape: of x without the batch axis.
        positive: whether x must be above zero.
        name: for the test.
    """

    operator: str
    function: Callable[[Any, Any], Any]
    shape: tuple[int, ...] = (6,)
    positive: bool = False
    name: str = ""

    def inputs(self, n: int) -> Any:
        """Return reproducible inputs (n, *shape) float32."""
        x = np.random.default_rng([n, *self.shape]).normal(scale=2, size=(n, *self.shape))
        return (np.abs(x) + 0.1 if self.positive else x).astype(np.float32)


def weights(*shape: int) -> Any:
    """Return reproducible weights of a shape."""
    return np.random.default_rng([3, *shape]).normal(size=shape).astype(np.float32)


def image(tf: Any, x: Any, operator: str, kernel: Any, **options: Any) -> Any:
    options = {"strides": [1] * x.shape.rank, "padding": "SAME", **options}
    return getattr(tf.raw_ops, operator)(input=x, filter=kernel, **options)


def transposed(tf: Any, x: Any, size: tuple[int, ...], kernel: Any, **options: Any) -> Any:
    options = {"strides": [1, 2, 2, 1], "padding": "SAME", **options}
    sizes = tf.stack([tf.shape(x)[0], *size])
    return tf.raw_ops.Conv2DBackpropInput(
        input_sizes=sizes, filter=kernel, out_backprop=x, **options
    )


def unary(operator: str, *, positive: bool = False, **options: Any) -> Case:
    def function(tf: Any, x: Any) -> Any:
        call = getattr(tf.raw_ops, operator)
        key = "x" if operator in PLAIN_ARGUMENT else "features"
        return call(**{key: x}, **options)

    return Case(operator, function, positive=positive)


PLAIN_ARGUMENT = {
    "Abs", "Cos", "Erf", "Erfc", "Exp", "Inv", "Log", "Neg", "Reciprocal", "Rsqrt", "Sigmoid",
    "Sin", "Sqrt", "Square", "Tanh",
}  # fmt: skip


def half(tf: Any, x: Any) -> Any:
    """Return ½ for each column, a constant that only the graph computes."""
    return tf.fill([x.shape[-1]], 0.5)


def cut(tf: Any, x: Any) -> Any:
    """Keep what is above a number, not the number itself."""
    return tf.where(x > 0.5, x, 0.0 * x) + tf.where(x > 0.25, x, 0.0 * x)


def scaled_elu(tf: Any, x: Any) -> Any:
    unit = tf.nn.elu(x)
    return tf.where(x > 0, unit, 0.7 * unit)


def counted(tf: Any, x: Any) -> Any:
    """Multiply by the number of tensors in a list."""
    items = tf.raw_ops.TensorListFromTensor(tensor=tf.transpose(x), element_shape=[-1])
    return x * tf.cast(tf.raw_ops.TensorListLength(input_handle=items), "float32")


FUNCTIONS = [
    *(unary(o) for o in ("Abs", "Cos", "Elu", "Erf", "Erfc", "Exp", "Neg", "Relu", "Relu6")),
    *(unary(o) for o in ("Selu", "Sigmoid", "Sin", "Softplus", "Softsign", "Square", "Tanh")),
    *(unary(o, positive=True) for o in ("Inv", "Log", "Reciprocal", "Rsqrt", "Sqrt")),
    unary("LeakyRelu", alpha=0.3),
    Case("Softmax", lambda tf, x: tf.raw_ops.Softmax(logits=x)),
    Case("LogSoftmax", lambda tf, x: tf.raw_ops.LogSoftmax(logits=x)),
    Case(
        "ClipByValue",
        lambda tf, x: tf.raw_ops.ClipByValue(t=x, clip_value_min=-1.0, clip_value_max=0.5),
    ),
    Case("Log1p", lambda tf, x: x * tf.raw_ops.Log1p(x=half(tf, x))),
    Case("Expm1", lambda tf, x: x * tf.raw_ops.Expm1(x=half(tf, x))),
    Case("Log1p", lambda tf, x: tf.math.log1p(x), positive=True, name="of a tensor"),
    Case("Expm1", lambda tf, x: tf.math.expm1(x), name="of a tensor"),
    Case("Floor", lambda tf, x: x * tf.raw_ops.Floor(x=half(tf, x) + 1.0)),
    Case("Sign", lambda tf, x: x * tf.raw_ops.Sign(x=half(tf, x))),
    Case("Relu", lambda tf, x: x * tf.nn.relu(half(tf, x)), name="of a constant"),
    Case("Softmax", lambda tf, x: x * tf.nn.softmax(half(tf, x)), name="of a constant"),
    Case("LeakyRelu", lambda tf, x: x * tf.nn.leaky_relu(-half(tf, x)), name="of a constant"),
    Case("Relu6", lambda tf, x: x * tf.nn.relu6(half(tf, x)), name="of a constant"),
]


ARITHMETIC = [
    Case("Add", lambda tf, x: tf.raw_ops.Add(x=x, y=weights(6))),
    Case("AddV2", lambda tf, x: x + weights(6)),
    Case("AddV2", lambda tf, x: x + tf.tanh(x), name="of tensors"),
    Case("AddV2", lambda tf, x: x + weights(2, 6), (2, 6), name="of many axes"),
    Case("AddV2", lambda tf, x: x + weights(1, 5), (2, 1), name="repeating"),
    Case("AddN", lambda tf, x: tf.raw_ops.AddN(inputs=[x, tf.tanh(x), x])),
    Case("BiasAdd", lambda tf, x: tf.nn.bias_add(x, weights(3)), (2, 4, 3)),
    Case("Sub", lambda tf, x: x - weights(6)),
    Case("Sub", lambda tf, x: 1.0 - x, name="from a constant"),
    Case("Sub", lambda tf, x: x - tf.tanh(x), name="of tensors"),
    Case("Mul", lambda tf, x: weights(6) * x),
    Case("Mul", lambda tf, x: x * tf.sigmoid(x), name="of tensors"),
    Case("Mul", lambda tf, x: x * tf.reduce_mean(x, -1, keepdims=True), name="broadcasting"),
    Case("RealDiv", lambda tf, x: x / np.array([1, 2, 3, 7, -5, 0.1], "f4")),
    Case("RealDiv", lambda tf, x: 2.0 / x, positive=True, name="of a constant"),
    Case("RealDiv", lambda tf, x: tf.tanh(x) / x, positive=True, name="of tensors"),
    Case("Div", lambda tf, x: tf.raw_ops.Div(x=x, y=4.0)),
    Case("DivNoNan", lambda tf, x: x * tf.raw_ops.DivNoNan(x=1.0, y=half(tf, x))),
    Case("FloorDiv", lambda tf, x: tf.reshape(x, [-1, tf.shape(x)[1] // 2, 2])),
    Case("FloorMod", lambda tf, x: tf.reshape(x, [-1, tf.shape(x)[1] % 4, 3])),
    Case("Maximum", lambda tf, x: tf.maximum(x, 0.25)),
    Case("Maximum", lambda tf, x: tf.maximum(x, 0.2 * x), name="of tensors"),
    Case("Maximum", lambda tf, x: tf.maximum(x, weights(6)), name="per unit"),
    Case("Maximum", lambda tf, x: tf.maximum(tf.minimum(x, 0.5), -0.5), name="of a minimum"),
    Case("Minimum", lambda tf, x: tf.minimum(tf.maximum(x, -0.5), 0.5)),
    Case("Minimum", lambda tf, x: tf.minimum(tf.nn.relu(x), 0.5), name="of a rectifier"),
    Case("SquaredDifference", lambda tf, x: tf.math.squared_difference(x, weights(6))),
    Case("Pow", lambda tf, x: tf.pow(x, 3.0)),
    Case("Less", lambda tf, x: tf.cond(tf.shape(x)[1] < 7, lambda: 2 * x, lambda: x)),
    Case("StatelessIf", lambda tf, x: tf.cond(tf.shape(x)[1] < 3, lambda: 2 * x, lambda: -x)),
    Case("LessEqual", lambda tf, x: x * tf.cast(tf.shape(x)[1] <= 6, "float32")),
    Case("Equal", lambda tf, x: x * tf.cast(tf.raw_ops.Equal(x=tf.shape(x)[1], y=6), "float32")),
    Case(
        "NotEqual", lambda tf, x: x + tf.cast(tf.raw_ops.NotEqual(x=tf.shape(x)[1], y=6), "float32")
    ),
    Case("Greater", lambda tf, x: x * tf.cast(x > 0.5, "float32")),
    Case("GreaterEqual", lambda tf, x: tf.cast(x >= 0.5, "float32") * x),
    Case(
        "LogicalAnd",
        lambda tf, x: x * tf.cast((tf.shape(x)[1] < 7) & (tf.shape(x)[1] < 8), "float32"),
    ),
    Case(
        "LogicalOr",
        lambda tf, x: x * tf.cast((tf.shape(x)[1] < 3) | (tf.shape(x)[1] < 8), "float32"),
    ),
    Case("LogicalNot", lambda tf, x: x + tf.cast(~(tf.shape(x)[1] < 7), "float32")),
    Case("SelectV2", lambda tf, x: tf.where(x > 0, x, 0.1 * x)),
    Case("SelectV2", lambda tf, x: tf.where(x >= 0.5, x, 0.0 * x), name="a cut"),
    Case("SelectV2", lambda tf, x: cut(tf, tf.minimum(x, 0.5)), name="a cut above"),
    Case("SelectV2", scaled_elu, name="of elu"),
    Case(
        "SelectV2",
        lambda tf, x: x * tf.where(half(tf, x) > 0, half(tf, x), 2.0),
        name="of a constant",
    ),
    Case("Select", lambda tf, x: tf.raw_ops.Select(condition=tf.shape(x)[1] < 7, x=x, y=2 * x)),
]

SHAPES = [
    Case("Shape", lambda tf, x: tf.reshape(x, tf.stack([tf.shape(x)[0], 2, 3]))),
    Case("ShapeN", lambda tf, x: tf.reshape(x, tf.raw_ops.ShapeN(input=[x, x])[1])),
    Case("Rank", lambda tf, x: x * tf.cast(tf.raw_ops.Rank(input=x), "float32")),
    Case("Size", lambda tf, x: tf.reshape(x, [tf.raw_ops.Size(input=x) // 6, 6])),
    Case("Reshape", lambda tf, x: tf.reshape(x, [-1, 3, 2])),
    Case(
        "Reshape",
        lambda tf, x: tf.reshape(tf.tanh(tf.reshape(x, [-1, 2])), [-1, 3, 2]),
        name="through the batch axis",
    ),
    Case("ExpandDims", lambda tf, x: tf.expand_dims(x, -1)),
    Case("Squeeze", lambda tf, x: tf.squeeze(x, [2]), (3, 1, 2)),
    Case("Transpose", lambda tf, x: tf.transpose(x, [0, 3, 1, 2]), (2, 3, 4)),
    Case(
        "Transpose",
        lambda tf, x: tf.transpose(tf.tanh(tf.transpose(x, [1, 0, 2])), [1, 0, 2]),
        (3, 2),
        name="of the batch axis",
    ),
    Case("Tile", lambda tf, x: tf.tile(x, [1, 2, 3]), (2, 1)),
    Case("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [tf.shape(x)[0], 4, 3]), (1, 3)),
    Case("Fill", lambda tf, x: x + tf.fill([tf.shape(x)[0], 6], 0.25)),
    Case("ZerosLike", lambda tf, x: x + tf.raw_ops.ZerosLike(x=x)),
    Case("OnesLike", lambda tf, x: x + tf.raw_ops.OnesLike(x=x)),
    Case("Range", lambda tf, x: tf.reduce_sum(x, tf.range(1, tf.rank(x)))),
    Case("Cast", lambda tf, x: tf.cast(tf.cast(x, "float64"), "float32")),
    Case("StridedSlice", lambda tf, x: x[:, 1:5:2]),
    Case("StridedSlice", lambda tf, x: x[..., ::-1], (2, 3), name="backwards"),
    Case("StridedSlice", lambda tf, x: x[:, 1, tf.newaxis, :2], (2, 3), name="of one"),
    Case("StridedSlice", lambda tf, x: x[:, 2:3] * x[:, 2][:, None], (3,), name="of one value"),
    Case("Slice", lambda tf, x: tf.slice(x, [0, 1, 0], [-1, 2, -1]), (4, 3)),
    Case("Split", lambda tf, x: tf.concat(tf.split(x, 3, -1)[::-1], -1)),
    Case("SplitV", lambda tf, x: tf.concat(tf.split(x, [1, -1, 2], -1)[::-1], -1)),
    Case("Unpack", lambda tf, x: tf.add_n(tf.unstack(x, axis=1)), (3, 4)),
    Case("Pack", lambda tf, x: tf.stack([x, tf.tanh(x)], 2), (3, 4)),
    Case("ConcatV2", lambda tf, x: tf.concat([x, tf.tanh(x)], -1)),
    Case(
        "ConcatV2",
        lambda tf, x: tf.concat([tf.fill([tf.shape(x)[0], 2], 3.0), x], -1),
        name="with a constant",
    ),
    Case("Concat", lambda tf, x: tf.raw_ops.Concat(concat_dim=1, values=[x, x])),
    Case("GatherV2", lambda tf, x: tf.gather(x, [5, 3, 1, 0, 0, 2], axis=1)),
    Case("GatherV2", lambda tf, x: tf.gather(x, 2, axis=1), (4, 3), name="of one"),
    Case(
        "Gather", lambda tf, x: x * tf.raw_ops.Gather(params=weights(9), indices=[1, 3, 5, 7, 8, 0])
    ),
    Case(
        "SplitV",
        lambda tf, x: tf.concat(tf.split(x, [0, 2, 4, 0], -1)[::-1], -1),
        name="into nothing",
    ),
    Case("Pad", lambda tf, x: tf.pad(x, [[0, 0], [1, 2], [0, 1]]), (3, 2)),
    Case("PadV2", lambda tf, x: tf.pad(x, [[0, 0], [1, 2]], constant_values=0.5)),
    Case("ReverseV2", lambda tf, x: tf.reverse(x, [1, 2]), (3, 4)),
    Case("Sum", lambda tf, x: tf.reduce_sum(x, [1, -1]), (3, 2, 4)),
    Case("Mean", lambda tf, x: tf.reduce_mean(x, [1, 2], keepdims=True), (3, 2, 4)),
    Case("Max", lambda tf, x: tf.reduce_max(x, 1), (3, 2)),
    Case("Min", lambda tf, x: tf.reduce_min(x, -1), (3, 2)),
    Case("Prod", lambda tf, x: tf.reshape(x, [-1, tf.reduce_prod(tf.shape(x)[1:])]), (3, 2)),
    Case("All", lambda tf, x: x * tf.cast(tf.reduce_all(tf.shape(x)[1:] < 7), "float32")),
    Case("Any", lambda tf, x: x * tf.cast(tf.reduce_any(tf.shape(x)[1:] < 7), "float32")),
    *(
        Case(o, lambda tf, x, o=o: getattr(tf.raw_ops, o)(input=x))
        for o in ("Identity", "StopGradient", "PreventGradient", "Snapshot")
    ),
    Case("IdentityN", lambda tf, x: tf.raw_ops.IdentityN(input=[x, tf.tanh(x)])[1]),
    Case("CheckNumerics", lambda tf, x: tf.raw_ops.CheckNumerics(tensor=x, message="bad")),
    Case("EnsureShape", lambda tf, x: tf.ensure_shape(x, (None, 6))),
    Case(
        "PlaceholderWithDefault",
        lambda tf, x: x * tf.raw_ops.PlaceholderWithDefault(input=weights(6), shape=(6,)),
    ),
]


def keras_2_layer_normalization(tf: Any, x: Any) -> Any:
    """Normalize as Keras 2 does: the showers stand where channels are."""
    rows = tf.shape(x)[0] * 3
    image = tf.reshape(x, [1, rows, 5, 1])
    made = tf.raw_ops.FusedBatchNormV3(
        x=image, scale=tf.ones([rows]), offset=tf.zeros([rows]), mean=[], variance=[],
        epsilon=1e-3, data_format="NCHW", is_training=True,
    )[0]  # fmt: skip
    return tf.reshape(made, tf.shape(x)) * weights(5) - weights(5)[::-1]


LAYERS = [
    Case("MatMul", lambda tf, x: tf.matmul(x, weights(6, 4))),
    Case("MatMul", lambda tf, x: tf.matmul(x, weights(4, 6), transpose_b=True), name="transposed"),
    Case("MatMul", lambda tf, x: x @ tf.matmul(half(tf, x)[:, None], weights(1, 3)), name="of constants"),
    Case("BatchMatMulV2", lambda tf, x: tf.raw_ops.BatchMatMulV2(x=x, y=weights(4, 5)), (3, 4)),
    Case("BatchMatMulV3", lambda tf, x: tf.raw_ops.BatchMatMulV3(x=x, y=weights(4, 5), Tout=tf.float32), (3, 4)),
    Case("Einsum", lambda tf, x: tf.einsum("bij,jk->bik", x, weights(4, 5)), (3, 4)),
    Case("Einsum", lambda tf, x: tf.einsum("bij,ijkl->bkl", x, weights(3, 4, 2, 5)), (3, 4), name="over two axes"),
    Case("MatMul", lambda tf, x: tf.tensordot(x, weights(4, 5), 1), (2, 3, 4), name="of many axes"),
    *(
        Case(o, lambda tf, x, o=o: normalized(tf, x, o), (2, 3, 4))
        for o in ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")
    ),
    Case("FusedBatchNormV3", keras_2_layer_normalization, (3, 5), name="of each shower"),
    Case("Conv2D", lambda tf, x: image(tf, x, "Conv2D", weights(3, 2, 3, 5)), (5, 4, 3)),
    Case("Conv2D", lambda tf, x: image(tf, x, "Conv2D", weights(3, 3, 3, 5), padding="VALID", strides=[1, 2, 1, 1]), (5, 4, 3), name="valid"),
    Case("Conv2D", lambda tf, x: image(tf, x, "Conv2D", weights(2, 2, 3, 5), dilations=[1, 2, 1, 1]), (5, 4, 3), name="dilated"),
    Case("Conv2D", lambda tf, x: image(tf, x, "Conv2D", weights(2, 2, 3, 5), padding="EXPLICIT", explicit_paddings=[0, 0, 1, 2, 0, 1, 0, 0]), (5, 4, 3), name="padded"),
    Case("Conv2D", lambda tf, x: tf.nn.conv1d(x, weights(3, 3, 5), 1, "SAME"), (5, 3), name="of one axis"),
    Case("Conv3D", lambda tf, x: image(tf, x, "Conv3D", weights(2, 3, 2, 2, 4), strides=[1, 1, 2, 1, 1]), (3, 4, 5, 2)),
    *(
        Case(o, lambda tf, x: tf.nn.convolution(x, weights(3, 3, 5), dilations=2, padding="SAME"), (7, 3))
        for o in ("SpaceToBatchND", "BatchToSpaceND")
    ),
    Case("SpaceToBatchND", lambda tf, x: tf.nn.convolution(x, weights(2, 3, 3, 5), dilations=[2, 3]), (5, 8, 3), name="of two axes"),
    Case("DepthwiseConv2dNative", lambda tf, x: image(tf, x, "DepthwiseConv2dNative", weights(3, 3, 3, 2)), (5, 4, 3)),
    Case("Conv2DBackpropInput", lambda tf, x: transposed(tf, x, (9, 6, 2), weights(3, 3, 2, 4)), (5, 3, 4)),
    Case("Conv2DBackpropInput", lambda tf, x: transposed(tf, x, (13, 8, 2), weights(3, 2, 2, 4), padding="VALID", strides=[1, 3, 3, 1]), (4, 3, 4), name="valid"),
    Case(
        "Conv3DBackpropInputV2",
        lambda tf, x: tf.nn.conv3d_transpose(x, weights(2, 3, 2, 2, 4), [tf.shape(x)[0], 4, 6, 4, 2], 2),
        (2, 3, 2, 4),
    ),
    Case("ResizeNearestNeighbor", lambda tf, x: tf.raw_ops.ResizeNearestNeighbor(images=x, size=[4, 9], half_pixel_centers=True), (2, 3, 2)),
]  # fmt: skip


def normalized(tf: Any, x: Any, operator: str) -> Any:
    mean, variance = weights(4), np.abs(weights(4)) + 0.1
    return getattr(tf.raw_ops, operator)(
        x=x, scale=weights(4) + 2, offset=mean - 1, mean=mean, variance=variance, epsilon=0.01,
        is_training=False,
    )[0]  # fmt: skip


def looped(tf: Any, x: Any) -> Any:
    """Sum the steps of a sequence with the operators that loops of Keras use."""
    steps = tf.unstack(tf.transpose(x, [1, 0, 2]))
    array = tf.TensorArray(tf.float32, size=len(steps)).unstack(tf.transpose(x, [1, 0, 2]))
    out = tf.TensorArray(tf.float32, size=len(steps))

    def body(k: Any, total: Any, out: Any) -> Any:
        total = tf.tanh(total + array.read(k))
        return k + 1, total, out.write(k, total)

    start = tf.zeros([tf.shape(x)[0], 4])
    _, _, out = tf.while_loop(lambda k, *_: k < array.size(), body, (0, start, out))
    return tf.transpose(out.stack(), [1, 0, 2])


LOOPS = [
    Case(o, looped, (3, 4))
    for o in (
        "StatelessWhile", "TensorListFromTensor", "TensorListGetItem",         "TensorListReserve", "TensorListSetItem", "TensorListStack",
    )
]  # fmt: skip

LOOPS.append(Case("TensorListLength", counted))

CASES = [*FUNCTIONS, *ARITHMETIC, *SHAPES, *LAYERS, *LOOPS]
