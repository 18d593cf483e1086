"""What a dense layer of Keras reaches on the splits that teaching-accuracy.mjs wrote: 500 steps of Adam with Keras's own rate on
batches of 32, with the features as they are. Prints JSON, or null if Keras is not installed."""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
try:
    import keras
    import numpy
    import tensorflow as tf
except ImportError:
    print("null")
    sys.exit()

steps, batch = 500, 32


def trainer(length, classes):
    """A function that trains the layer from the start and answers for the test pictures."""
    layer = keras.layers.Dense(classes)
    layer.build((None, length))
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    optimizer = keras.optimizers.Adam()
    optimizer.build(layer.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x, y, weights):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(loss_of(y, layer(x)) * weights)
        optimizer.apply_gradients(zip(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables))

    def train(x, y, weights, test, seed):
        random = numpy.random.default_rng(seed)
        limit = (6 / (length + classes)) ** 0.5
        layer.set_weights([random.uniform(-limit, limit, (length, classes)).astype("float32"), numpy.zeros(classes, "float32")])
        for variable in optimizer.variables:
            if variable is not optimizer.learning_rate:
                variable.assign(tf.zeros_like(variable))
        for _ in range(steps):
            some = random.permutation(len(y))[:batch]
            step(tf.constant(x[some]), tf.constant(y[some]), tf.constant(weights[some]))
        return (test @ layer.kernel.numpy() + layer.bias.numpy()).argmax(1)

    return train


def main(folder):
    task = json.loads((folder / "runs.json").read_text())
    features = numpy.fromfile(folder / "features.f32", dtype=numpy.float32).reshape(-1, task["length"])
    scores = []
    for run in task["runs"]:
        classes = run["classes"]
        train = trainer(task["length"], classes)
        own = []
        for seed, split in enumerate(run["splits"]):
            pictures, labels = (numpy.array([example[key] for example in split["training"]]) for key in ("picture", "label"))
            sizes = numpy.bincount(labels, minlength=classes)
            weights = len(labels) / (classes * sizes) if run["balanced"] else numpy.ones(classes)
            tested, expected = (numpy.array([example[key] for example in split["test"]]) for key in ("picture", "label"))
            right = train(features[pictures], labels, weights[labels].astype("float32"), features[tested], seed) == expected
            own.append(
                {
                    "accuracy": float(right.mean()),
                    "balanced": float(numpy.mean([right[expected == label].mean() for label in range(classes)])),
                }
            )
        scores.append(own)
    print(json.dumps({"version": keras.__version__, "scores": scores}))


main(pathlib.Path(sys.argv[1]))
