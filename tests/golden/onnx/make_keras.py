"""Make the golden models that Keras exported, with what Keras itself gives for them.

Keras exports by tf2onnx, which is no dependency of the project. Remake with the project's own
environment and

    pip install --target tf2onnx-lib --no-deps tf2onnx
    PYTHONPATH=tf2onnx-lib python tests/golden/onnx/make_keras.py
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
#: showers per golden file
N = 3


def models(keras: Any) -> dict[str, Any]:
    """Return the models by name."""
    layers = keras.layers
    z, energy = keras.Input((5,), name="z"), keras.Input((1,), name="energy")
    x = layers.Concatenate()([z, energy])
    x = layers.Dense(8, activation="hard_sigmoid")(x)
    x = layers.LayerNormalization()(x)
    y = layers.Dense(8, activation="mish")(x)
    x = layers.Add()([x, y])
    return {
        "keras_decoder": keras.Sequential([
            keras.Input((5,), name="latent"), layers.Dense(8),
            layers.LeakyReLU(negative_slope=0.3), layers.BatchNormalization(),
            layers.Dense(6, activation="swish"), layers.PReLU(),
            layers.Dense(4, activation="sigmoid"),
        ]),
        "keras_conditions": keras.Model([z, energy], layers.Dense(6, activation="softmax")(x)),
        "keras_images": keras.Sequential([
            keras.Input((12,), name="x"), layers.Reshape((2, 3, 2)),
            layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="elu"),
            layers.UpSampling2D((2, 1)), layers.BatchNormalization(),
            layers.Conv2D(2, (3, 2), padding="same", activation="relu"), layers.Flatten(),
        ]),
        "keras_volumes": keras.Sequential([
            keras.Input((2, 2, 3, 2), name="x"),
            layers.Conv3DTranspose(2, 2, strides=2, activation="leaky_relu"),
            layers.Conv3D(1, 2, padding="same", activation="softplus"), layers.Flatten(),
        ]),
        "keras_rows": keras.Sequential([
            keras.Input((4, 3), name="x"), layers.Dense(5, activation="tanh"),
            layers.Permute((2, 1)), layers.Dense(2, activation="selu"),
            layers.GlobalAveragePooling1D(),
        ]),
        "keras_rare": keras.Sequential([
            keras.Input((5,), name="x"), layers.Dense(6, activation="silu"),
            layers.Dense(6, activation="softsign"),
            layers.ReLU(max_value=6.0, negative_slope=0.1, threshold=0.2),
            layers.Rescaling(2.0, offset=-0.5), layers.Dense(6, activation="exponential"),
            layers.Dense(4, activation="relu6"),
        ]),
    }  # fmt: skip


def main(folder: Path) -> None:
    """Write NAME.onnx and keras.json."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    random = np.random.default_rng(4)
    golden = {}
    for name, model in models(keras).items():
        for variable in model.variables:
            if "seed" not in variable.path:
                low = 0.5 if "variance" in variable.path else -0.5
                variable.assign(random.uniform(low, low + 1, size=variable.shape))
        inputs = {x.name: random.normal(size=(N, *x.shape[1:])).astype("f4") for x in model.inputs}
        given = list(inputs.values())
        outputs = np.asarray(model(given[0] if len(given) == 1 else given))
        model.export(folder / f"{name}.onnx", format="onnx", verbose=False)
        golden[name] = {
            "inputs": {key: x.astype(float).tolist() for key, x in inputs.items()},
            "outputs": outputs.astype(float).reshape(N, -1).tolist(),
        }
    (folder / "keras.json").write_text(json.dumps(golden))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
