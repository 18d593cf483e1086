"""Makes keras2.h5.gz, keras2.keras.gz and keras2.json. Needs TensorFlow and tf-keras (Keras 2).

keras2.h5 is a transfer-learning model as Keras's tutorials build it: `preprocess_input` inside of the graph, MobileNetV2 without its
top (width 0.1, all of its 1280 channels replaced by 160) as a model in the model, a pool, dropout and one dense layer that gives
logits. keras2.keras is the same in the form that Keras 2.12 brought; the groups of the .weights.h5 in it bear no layer's name.
"""

import tempfile
from pathlib import Path

import tf_keras as keras

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import settle_keras

HEAD, CLASSES, SIZE = 160, 5, 64


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
    # The model scales its levels itself.
    return settle_keras(model, SIZE, 0, 1 / 255)


def save(model, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        model.save(str(path))
        write_gzipped(name, path.read_bytes())


if __name__ == "__main__":
    model = transfer_model()
    save(model, "keras2.h5")
    save(model, "keras2.keras")
    logits = model.predict(seeded_levels(1, SIZE), verbose=0)
    write("keras2.json", {"producer": f"tf-keras {keras.__version__}", "size": SIZE, "logits": listed(logits)})
