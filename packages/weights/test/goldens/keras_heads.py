"""Makes what people have of a MobileNetV2 that they trained with Keras 3, and its conversions: keras-sigmoid.h5, sigmoid.tflite, keras-flatten.keras, edge-impulse.tflite, edge-impulse-int8.tflite, rescaled.tflite, rescaled-int8.tflite, keras-v1.h5 and v1-int8.tflite, with the JSON beside them.

Needs TensorFlow, Keras 3 and ai-edge-litert. The networks are narrow; parameters are those of measured.py, answers those to
`seeded_levels`. Of quantised files `floatProbabilities` are Keras's, with the real numbers that the integers stand for.

- keras-sigmoid: Rescaling to -1 to 1, one output with a sigmoid; sigmoid.tflite is its conversion.
- keras-flatten: Flatten of the last map, a hidden layer, BatchNormalization, a softmax.
- edge-impulse: the head that Edge Impulse's transfer learning builds: no pool, but a dense layer at each position, Flatten, a softmax.
- rescaled: Rescaling by 1/255, which the converter folds away; quantised with a float input.
- keras-v1, v1-int8: the layers of keras.applications.MobileNet under its names.
"""

import pathlib
import tempfile

import keras
import numpy
import tensorflow
from keras import layers

from golden_files import listed, seeded_levels, write, write_gzipped
from keras_narrow import normed, pointwise
from measured import HALF, prepared, settle_keras
from tflite import SIZE, put_real_weights, quantized, run

HEAD = 64
# Rows of expansion, channels, repetitions and stride: 8 blocks.
FEW = [(1, 8, 1, 1), (6, 8, 2, 2), (6, 8, 1, 2), (6, 8, 1, 2), (6, 16, 1, 1), (6, 16, 1, 2), (6, 32, 1, 1)]
PRODUCER = f"tensorflow {tensorflow.__version__}, keras {keras.__version__}"
LEVELS = seeded_levels(1, SIZE)


def backbone(picture):
    """keras.applications.MobileNetV2 without its top, with its names, and with its zeros before strides."""
    blocks = [(t, c, s if n == 0 else 1) for t, c, repetitions, s in FEW for n in range(repetitions)]
    x = normed(picture, layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="Conv1"), "bn_Conv1")
    for block, (t, c, stride) in enumerate(blocks):
        name = f"block_{block}_" if block > 0 else "expanded_conv_"
        shortcut = x
        if t > 1:
            x = normed(x, pointwise(t * x.shape[-1], f"{name}expand"), f"{name}expand_BN")
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"{name}pad")(x)
        padding = "same" if stride == 1 else "valid"
        x = normed(x, layers.DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name=f"{name}depthwise"), f"{name}depthwise_BN")
        x = normed(x, pointwise(c, f"{name}project"), f"{name}project_BN", relu=False)
        if stride == 1 and shortcut.shape[-1] == c:
            x = layers.Add(name=f"{name}add")([shortcut, x])
    return normed(x, pointwise(HEAD, "Conv_1"), "Conv_1_bn")


def backbone_v1(picture):
    """keras.applications.MobileNet without its top, with its names; channels are at least 8."""
    channels = [max(8, int(c * 0.1)) for c in (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)]
    x = normed(picture, layers.Conv2D(channels[0], 3, strides=2, padding="same", use_bias=False, name="conv1"), "conv1_bn")
    for block, outputs in enumerate(channels[1:], 1):
        stride = 2 if block in (2, 4, 6, 12) else 1
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{block}")(x)
        padding = "same" if stride == 1 else "valid"
        depthwise = layers.DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name=f"conv_dw_{block}")
        x = normed(x, depthwise, f"conv_dw_{block}_bn")
        x = normed(x, pointwise(outputs, f"conv_pw_{block}"), f"conv_pw_{block}_bn")
    return x


def network(head, scaling=None, body=backbone):
    picture = keras.Input((SIZE, SIZE, 3), batch_size=1)
    scaled = picture if scaling is None else layers.Rescaling(*scaling)(picture)
    model = keras.Model(picture, head(body(scaled)))
    return settle_keras(model, SIZE, *(HALF if scaling is None else (0, 1 / 255)))


def pooled(x):
    return layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))


def golden(name, probabilities, **more):
    write(f"{name}.json", {"producer": PRODUCER, "batch": 1, "size": SIZE, "probabilities": listed(probabilities), **more})


def save(model, name, given):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        model.save(str(path))
        write_gzipped(name, path.read_bytes())
    golden(name.split(".")[0], model.predict(given, verbose=0))


def convert(model, name, scaled):
    content = tensorflow.lite.TFLiteConverter.from_keras_model(model).convert()
    write_gzipped(f"{name}.tflite", content)
    golden(name, run(content, LEVELS, scaled))


def quantize(model, name, scaled, io=None, real=None):
    """`real` is the model without what is folded into the kernels of the file. It gets the real numbers of these kernels."""
    content = quantized(model, scaled, io)
    write_gzipped(f"{name}.tflite", content)
    answers = run(content, LEVELS, scaled)
    found = put_real_weights(real or model, content).predict(scaled(LEVELS).astype(numpy.float32), verbose=0)
    golden(name, answers, floatProbabilities=listed(found))


def edge_impulse(x):
    x = layers.Reshape((-1, x.shape[3]))(x)
    x = layers.Dropout(0.1)(layers.Dense(16, activation="relu")(x))
    return layers.Dense(3, activation="softmax")(layers.Flatten()(x))


def flattened(x):
    x = layers.Dense(12, activation="relu")(layers.Flatten()(x))
    return layers.Dense(4, activation="softmax")(layers.Dropout(0.5)(layers.BatchNormalization()(x)))


def itself(levels):
    return levels


if __name__ == "__main__":
    pixels = prepared(LEVELS).astype(numpy.float32)
    sigmoid = network(lambda x: layers.Dense(1, activation="sigmoid")(pooled(x)), (1 / 127.5, -1))
    save(sigmoid, "keras-sigmoid.h5", LEVELS)
    convert(sigmoid, "sigmoid", itself)
    save(network(flattened), "keras-flatten.keras", pixels)
    impulse = network(edge_impulse)
    convert(impulse, "edge-impulse", prepared)
    quantize(impulse, "edge-impulse-int8", prepared, tensorflow.int8)
    def five(x):
        return layers.Dense(5, activation="softmax")(pooled(x))

    rescaled = network(five, (1 / 255,))
    convert(rescaled, "rescaled", itself)
    quantize(rescaled, "rescaled-int8", itself, real=network(five))
    first = network(lambda x: layers.Dense(4, activation="softmax")(pooled(x)), body=backbone_v1)
    save(first, "keras-v1.h5", pixels)
    quantize(first, "v1-int8", prepared, tensorflow.int8)
