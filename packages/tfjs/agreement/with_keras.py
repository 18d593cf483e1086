"""Fine-tunes with Keras what ours.mjs fine-tuned, on the same data with the same rates and as many steps, and compares.

    pip install tensorflow-cpu
    python with_keras.py prepare PHOTOS FOLDER     # pictures of four classes, from the photos that labels.csv lists
    node ours.mjs MODEL FOLDER                # a MobileNetV2 of width 1 that keeps its BatchNorm
    python with_keras.py compare FOLDER
"""

import csv
import json
import pathlib
import sys
import time

import numpy as np
import tensorflow as tf

side = 96
classes = ["birds and reptiles", "dogs", "other animals", "things"]


def class_of(index):
    return next(place for place, end in enumerate([151, 269, 398, 1000]) if index < end)


def prepare(photos, folder):
    pictures, labels = [], []
    with open(photos / "labels.csv") as file:
        rows = [(row["file"], class_of(int(row["class_index"]))) for row in csv.DictReader(file)]
    things = [row for row in rows if row[1] == 3][::4]
    for name, label in [row for row in rows if row[1] != 3] + things:
        levels = tf.image.decode_jpeg((photos / name).read_bytes(), channels=3)
        short = min(levels.shape[0], levels.shape[1])
        square = tf.image.resize_with_crop_or_pad(levels, short, short)
        pictures.append(tf.image.resize(square, [side, side], antialias=True).numpy() / 255)
        labels.append(label)
    folder.mkdir(exist_ok=True)
    np.stack(pictures).astype("<f4").tofile(folder / "pictures.f32")
    (folder / "data.json").write_text(json.dumps({"side": side, "classes": classes, "labels": labels}))


def tensors_of(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    values = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        values[name] = np.frombuffer(data[start:end], "<f4")
    return values


def layer_names():
    """The names of our layer, of Keras's convolution and of Keras's BatchNorm."""
    yield "stem", "Conv1", "bn_Conv1"
    for block in range(1, 18):
        prefix = "expanded_conv" if block == 1 else f"block_{block - 1}"
        for part in ["expand", "depthwise", "project"][block == 1 :]:
            yield f"block{block}.{part}", f"{prefix}_{part}", f"{prefix}_{part}_BN"
    yield "head", "Conv_1", "Conv_1_bn"


def load(tensors):
    model = tf.keras.applications.MobileNetV2(
        (side, side, 3), alpha=1.0, weights=None, classes=len(classes), classifier_activation=None
    )
    for ours, convolution, norm in layer_names():
        layer = model.get_layer(convolution)
        layer.set_weights([tensors[f"{ours}.kernel"].reshape(layer.get_weights()[0].shape)])
        model.get_layer(norm).set_weights([tensors[f"{ours}.{name}"] for name in ["gamma", "beta", "mean", "variance"]])
    kernel = tensors["classifier.kernel"].reshape(-1, len(classes))
    model.layers[-1].set_weights([kernel, tensors["classifier.bias"]])
    return model


def recompute(model, pictures, batches, norms):
    """Averages of the statistics of batches in place of Keras's moving averages."""
    for norm in norms:
        norm.momentum = 0.0
    sums = None
    for batch in batches:
        model(pictures[batch], training=True)
        found = [[norm.moving_mean.numpy(), norm.moving_variance.numpy()] for norm in norms]
        sums = found if sums is None else [[a + c, b + d] for (a, b), (c, d) in zip(sums, found)]
    for norm, (mean, variance) in zip(norms, sums):
        norm.moving_mean.assign(mean / len(batches))
        norm.moving_variance.assign(variance / len(batches))


def compare(folder):
    data = json.loads((folder / "data.json").read_text())
    labels = np.array(data["labels"])
    pictures = np.fromfile(folder / "pictures.f32", "<f4").reshape(-1, side, side, 3)
    tensors = tensors_of(folder / "start.safetensors")
    recipe = json.loads((folder / "recipe.json").read_text())
    pictures = ((pictures - recipe["mean"]) / recipe["deviation"]).astype(np.float32)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for run in json.loads((folder / "ours.json").read_text()):
        model = load(tensors)
        trained = {convolution for ours, convolution, _ in layer_names() if ours in run["trained"]}
        trained |= {norm for ours, _, norm in layer_names() if ours in run["trained"]} | {model.layers[-1].name}
        for layer in model.layers:
            layer.trainable = layer.name in trained
        kind = run["optimizer"]
        optimizer = tf.keras.optimizers.Adam(epsilon=1e-8) if kind == "adam" else tf.keras.optimizers.SGD(momentum=0.9)

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = loss_of(y, model(x, training=True))
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
            return loss

        losses, start = [], time.time()
        for batch, rate in zip(run["batches"], run["rates"]):
            optimizer.learning_rate.assign(rate)
            losses.append(float(step(pictures[batch], labels[batch])))
        seconds = time.time() - start
        accuracies = []
        test = run["test"]
        for again in [False, True]:
            if again:
                norms = [layer for layer in model.layers if layer.name in trained and "moving_mean" in dir(layer)]
                recompute(model, pictures, run["statistics"], norms)
            answers = model(pictures[test], training=False).numpy().argmax(1)
            accuracies.append(100 * np.mean(answers == labels[test]))
        print(
            f"{kind} split {run['split']}: {len(losses)} steps, losses of the first ten apart by at most "
            f"{np.abs(np.array(run['losses'][:10]) - losses[:10]).max():.5f} of {np.max(losses[:10]):.3f}, "
            f"mean of the last five ours {np.mean(run['losses'][-5:]):.4f} Keras {np.mean(losses[-5:]):.4f}, "
            f"accuracy ours {run['accuracy']:.1f} % Keras {accuracies[1]:.1f} % (its moving averages {accuracies[0]:.1f} %), "
            f"ours {run['seconds']:.1f} s Keras {seconds:.1f} s"
        )


if __name__ == "__main__":
    paths = [pathlib.Path(argument) for argument in sys.argv[2:]]
    {"prepare": prepare, "compare": compare}[sys.argv[1]](*paths)
