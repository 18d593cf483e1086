"""The narrowest MobileNetV2 in Keras, for goldens that should be small: width 0.1, channels rounded to multiples of 4 as d-li14 does."""

import keras

from measured import settle_keras

HEAD, CLASSES, SIZE = 64, 4, 64
STEM = 4
TABLE = [(1, 4, 1, 1), (6, 4, 2, 2), (6, 4, 3, 2), (6, 8, 4, 2), (6, 12, 3, 1), (6, 16, 3, 2), (6, 32, 1, 1)]
BLOCKS = [(t, c, s if n == 0 else 1) for t, c, repetitions, s in TABLE for n in range(repetitions)]


def normed(x, convolution, name, relu=True):
    x = keras.layers.BatchNormalization(epsilon=1e-3, name=name)(convolution(x))
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x


def pointwise(filters, name):
    return keras.layers.Conv2D(filters, 1, padding="same", use_bias=False, name=name)


def narrow_model(activation):
    """The layers of keras.applications.MobileNetV2 under its names, with the parameters of measured.py; its last dense layer ends in `activation`."""
    picture = keras.Input((SIZE, SIZE, 3), batch_size=1)
    stem = keras.layers.Conv2D(STEM, 3, strides=2, padding="same", use_bias=False, name="Conv1")
    x = normed(picture, stem, "bn_Conv1")
    for block, (t, c, stride) in enumerate(BLOCKS):
        name = f"block_{block}_" if block > 0 else "expanded_conv_"
        shortcut = x
        if t > 1:
            x = normed(x, pointwise(t * x.shape[-1], f"{name}expand"), f"{name}expand_BN")
        depthwise = keras.layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False, name=f"{name}depthwise")
        x = normed(x, depthwise, f"{name}depthwise_BN")
        x = normed(x, pointwise(c, f"{name}project"), f"{name}project_BN", relu=False)
        if stride == 1 and shortcut.shape[-1] == c:
            x = keras.layers.Add(name=f"{name}add")([shortcut, x])
    x = normed(x, pointwise(HEAD, "Conv_1"), "Conv_1_bn")
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(picture, keras.layers.Dense(CLASSES, activation=activation, name="predictions")(x))
    return settle_keras(model, SIZE)
