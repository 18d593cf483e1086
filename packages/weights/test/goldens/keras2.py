"""Makes keras2.h5.gz, keras2.keras.gz and keras2.json. Needs TensorFlow and tf-keras (Keras 2).

keras2.h5 is a transfer-learning model as Keras's tutorials build it: `preprocess_input` inside of the graph, MobileNetV2 without its
top (width 0.1, all of its 1280 channels replaced by 160) as a model in the model, a pool, dropout and one dense layer that gives
logits. keras2.keras is the same in the form that Keras 2.12 brought; the groups of the .weights.h5 in it bear no layer's name.
"""

import tempfile
from pathlib import Path

import numpy
import tf_keras as keras

from golden_files import listed, seeded_input, seeded_state_dict_tensor, write, write_gzipped

HEAD, CLASSES, SIZE = 160, 5, 64
PYTORCH = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var", "bias": "bias"}


def seeded_weight(layer, variable):
    """A variable with the values that a PyTorch tensor of this layer would have."""
    name = variable.name.split("/")[-1].split(":")[0]
    shape = tuple(variable.shape)
    full = f"{layer.name}.{PYTORCH.get(name, 'weight')}"
    if len(shape) == 1:
        return seeded_state_dict_tensor(full, shape)
    order = (1, 0) if len(shape) == 2 else (2, 3, 0, 1) if "depthwise" in layer.name else (3, 2, 0, 1)
    stored = seeded_state_dict_tensor(full, tuple(shape[axis] for axis in order))
    return stored.transpose(numpy.argsort(order))


def backbone():
    full = keras.applications.MobileNetV2(input_shape=(SIZE, SIZE, 3), alpha=0.1, weights=None, include_top=False)
    blocks = full.get_layer("block_16_project_BN").output
    head = keras.layers.Conv2D(HEAD, 1, use_bias=False, name="Conv_1")(blocks)
    head = keras.layers.BatchNormalization(epsilon=1e-3, name="Conv_1_bn")(head)
    return keras.Model(full.input, keras.layers.ReLU(6.0, name="out_relu")(head), name="mobilenetv2_0.10_64")


def transfer_model():
    picture = keras.Input((SIZE, SIZE, 3))
    scaled = keras.applications.mobilenet_v2.preprocess_input(picture)
    network = backbone()
    pooled = keras.layers.GlobalAveragePooling2D()(network(scaled, training=False))
    logits = keras.layers.Dense(CLASSES)(keras.layers.Dropout(0.2)(pooled))
    model = keras.Model(picture, logits)
    for layer in [*network.layers, model.layers[-1]]:
        layer.set_weights([seeded_weight(layer, variable) for variable in layer.weights])
    return model


def save(model, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        model.save(str(path))
        write_gzipped(name, path.read_bytes())


if __name__ == "__main__":
    model = transfer_model()
    save(model, "keras2.h5")
    save(model, "keras2.keras")
    # The model scales its input itself: 127.5 (x + 1) becomes x again.
    pixels = (seeded_input(1, SIZE, SIZE) + 1) * 127.5
    logits = model.predict(pixels, verbose=0)
    write("keras2.json", {"producer": f"tf-keras {keras.__version__}", "size": SIZE, "logits": listed(logits)})
