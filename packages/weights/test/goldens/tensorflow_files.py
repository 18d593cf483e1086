"""Makes the goldens tensorflow-*: what TensorFlow saves of one small MobileNetV2, and the logits that it has for it. Needs TensorFlow.

`python tensorflow_files.py` with Keras 3 makes tensorflow-keras3 (`model.export`); with tf_keras beside TensorFlow, `python
tensorflow_files.py tf_keras` makes tensorflow-keras2 (`model.save`), tensorflow-frozen (a graph whose variables are constants),
tensorflow-checkpoint (`tf.train.Checkpoint` of the model and its optimizer) and tensorflow-slim (`tf.compat.v1.train.Saver` of the
same weights under the names of TF-slim). The network is narrow, with the paddings of Keras. Its BatchNorms
measure their statistics on pictures, so that the logits depend on each weight and each padding. Weights have 8 bits, so that the files
are small when they are packed.
"""

import pathlib
import sys
import tempfile

import numpy
import tensorflow

if "tf_keras" in sys.argv:
    import tf_keras as keras
else:
    import keras

from golden_files import listed, seeded_input, seeded_levels, seeded_state_dict_tensor, write, write_gzipped
from measured import prepared

HEAD, CLASSES, SIZE, PICTURES = 32, 3, 64, 8
# Rows of expansion, channels, repetitions and stride. A graph states its blocks, so FEW can leave blocks out. A file without a graph is
# recognised only if it has the published number of blocks.
FEW = [(1, 8, 1, 1), (6, 8, 2, 2), (6, 8, 1, 2), (6, 8, 1, 2), (6, 16, 1, 1), (6, 16, 1, 2), (6, 32, 1, 1)]
ALL = [(1, 4, 1, 1), (6, 4, 2, 2), (6, 4, 3, 2), (6, 8, 4, 2), (6, 12, 3, 1), (6, 16, 3, 2), (6, 32, 1, 1)]


def pictures(batch, seed):
    """Pictures of a coarse pattern under noise, whose pixels depend on their neighbours as those of photos do."""
    noise = seeded_input(batch, SIZE, SIZE, seed)
    coarse = seeded_input(batch, SIZE // 16, SIZE // 16, seed + 1)
    return (0.7 * numpy.kron(coarse, numpy.ones((1, 16, 16, 1))) + 0.3 * noise).astype(numpy.float32)


def normed(x, convolution, name, relu=True):
    x = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.0, name=name)(convolution(x))
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x


def pointwise(filters, name):
    return keras.layers.Conv2D(filters, 1, padding="same", use_bias=False, name=name)


def network(table):
    stem = table[0][1]
    blocks = [(t, c, s if n == 0 else 1) for t, c, repetitions, s in table for n in range(repetitions)]
    picture = keras.Input((SIZE, SIZE, 3))
    x = normed(picture, keras.layers.Conv2D(stem, 3, strides=2, padding="same", use_bias=False, name="Conv1"), "bn_Conv1")
    for block, (t, c, stride) in enumerate(blocks):
        name = f"block_{block}_" if block > 0 else "expanded_conv_"
        shortcut = x
        if t > 1:
            x = normed(x, pointwise(t * x.shape[-1], f"{name}expand"), f"{name}expand_BN")
        if stride == 2:
            x = keras.layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"{name}pad")(x)
        padding = "same" if stride == 1 else "valid"
        depthwise = keras.layers.DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name=f"{name}depthwise")
        x = normed(x, depthwise, f"{name}depthwise_BN")
        x = normed(x, pointwise(c, f"{name}project"), f"{name}project_BN", relu=False)
        if stride == 1 and shortcut.shape[-1] == c:
            x = keras.layers.Add(name=f"{name}add")([shortcut, x])
    x = normed(x, pointwise(HEAD, "Conv_1"), "Conv_1_bn")
    features = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(picture, keras.layers.Dense(CLASSES, activation="softmax", name="predictions")(features))


def short(values):
    """The values as bfloat16 has them, in float32: the lower half of each is 0."""
    bits = numpy.ascontiguousarray(values, dtype=numpy.float32).view(numpy.uint32)
    return (bits & numpy.uint32(0xFFFF0000)).view(numpy.float32).reshape(values.shape)


def fill(model):
    """Seeded weights under the same names for both versions of Keras, and statistics that are measured."""
    for layer in model.layers:
        values = [w.numpy() if hasattr(w, "numpy") else numpy.array(w) for w in layer.weights]
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta = (seeded_state_dict_tensor(f"{layer.name}.{name}", values[0].shape) for name in ("weight", "bias"))
            layer.set_weights([gamma, beta, values[2], values[3]])
        elif values:
            kernel = seeded_state_dict_tensor(f"{layer.name}.weight", values[0].shape[::-1]).transpose()
            layer.set_weights([kernel, *(seeded_state_dict_tensor(f"{layer.name}.bias", bias.shape) for bias in values[1:])])
    model(pictures(PICTURES, 100), training=True)
    for layer in model.layers:
        layer.set_weights([short(value) for value in layer.get_weights()])
    return model


def logits(model):
    pooled = keras.Model(model.inputs, model.layers[-2].output)(prepared(seeded_levels(2, SIZE)).astype(numpy.float32)).numpy()
    kernel, bias = model.layers[-1].get_weights()
    return listed(pooled.astype(numpy.float64) @ kernel + bias)


def answer(name, model, producer):
    write(f"{name}.json", {"producer": producer, "width": 0.1, "batch": 2, "size": SIZE, "logits": logits(model)})


def keep(folder, names, prefix):
    for name in names:
        write_gzipped(f"{prefix}{pathlib.Path(name).name}", (folder / name).read_bytes())


SAVED = ["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"]


def slim_name(layer, variable):
    block = layer.split("_")[1] if layer.startswith("block") else None
    scope = {"Conv1": "Conv", "bn_Conv1": "Conv", "Conv_1": "Conv_1", "Conv_1_bn": "Conv_1", "predictions": "Logits/Conv2d_1c_1x1"}.get(layer)
    if scope is None:
        part = layer.removesuffix("_BN").split("_")[-1]
        scope = f"expanded_conv{'' if block is None else f'_{block}'}/{part}"
    leaf = {"depthwise_kernel": "depthwise_weights", "kernel": "weights", "bias": "biases"}.get(variable, f"BatchNorm/{variable}")
    return f"MobilenetV2/{scope}/{leaf}"


def save_slim(model, folder):
    """The same weights as TensorFlow 1 saves variables, with a slot of an optimizer and the step."""
    v1 = tensorflow.compat.v1
    stored = {"global_step": numpy.int64(7), "MobilenetV2/Conv/weights/Momentum": numpy.zeros((3, 3, 3, 4), numpy.float32)}
    for layer in model.layers:
        for weight in layer.weights:
            value = weight.numpy()
            name = slim_name(layer.name, weight.name.split("/")[-1].split(":")[0])
            stored[name] = value.reshape(1, 1, *value.shape) if layer.name == "predictions" and value.ndim == 2 else value
    with v1.Graph().as_default(), v1.Session() as session:
        for name, value in stored.items():
            v1.get_variable(name, initializer=value)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(folder / "tensorflow-slim"), write_meta_graph=False)


if __name__ == "__main__":
    model = fill(network(FEW))
    producer = f"tensorflow {tensorflow.__version__}, {keras.__name__.split('.')[0]} {keras.__version__}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if keras.__name__ == "keras":
            model.export(str(folder), verbose=False)
            keep(folder, SAVED, "tensorflow-keras3-")
            answer("tensorflow-keras3", model, producer)
        else:
            model.save(str(folder / "saved"))
            keep(folder / "saved", SAVED, "tensorflow-keras2-")
            answer("tensorflow-keras2", model, producer)

            from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

            function = tensorflow.function(model).get_concrete_function(tensorflow.TensorSpec((None, SIZE, SIZE, 3)))
            frozen = convert_variables_to_constants_v2(function).graph.as_graph_def()
            write_gzipped("tensorflow-frozen.pb", frozen.SerializeToString(deterministic=True))
            answer("tensorflow-frozen", model, producer)

            model = fill(network(ALL))
            optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
            optimizer.build(model.trainable_variables[:3])
            saver = tensorflow.train.Checkpoint(model=model, optimizer=optimizer)
            saver.write(str(folder / "tensorflow-checkpoint"))
            keep(folder, ["tensorflow-checkpoint.index", "tensorflow-checkpoint.data-00000-of-00001"], "")
            answer("tensorflow-checkpoint", model, producer)

            save_slim(model, folder)
            keep(folder, ["tensorflow-slim.index", "tensorflow-slim.data-00000-of-00001"], "")
            answer("tensorflow-slim", model, producer)
