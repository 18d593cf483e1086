"""Logits of Keras's MobileNetV2 and MobileNet whose folded parameters are `seededParameters`, with TensorFlow's padding (`same`).

Makes keras_parameters.json beside this script. The committed one was made by Keras 3.15.1 on TensorFlow 2.21.0, on a CPU:

    pip install tensorflow-cpu && python goldens/keras_parameters.py
"""

from producer import rounded, write

import keras
import tensorflow
from keras.applications import MobileNet, MobileNetV2

from seeded import seeded_input, seeded_layer


def fill(model, layer, keras_name, norm_name, activation):
    """Fills kernel and bias of one layer. BatchNorm only adds the bias."""
    found = model.get_layer(keras_name)
    shape = found.kernel.shape
    if isinstance(found, keras.layers.DepthwiseConv2D):
        canonical, outputs = shape[:3], shape[2]
    else:
        canonical, outputs = (shape[-2:] if shape[0] == 1 or len(shape) == 2 else shape), shape[-1]
    kernel, bias = seeded_layer(layer, tuple(canonical), outputs, activation)
    kernel = kernel.reshape(shape)
    if norm_name is None:
        return found.set_weights([kernel, bias])
    norm = model.get_layer(norm_name)
    found.set_weights([kernel])
    ones = bias * 0 + 1
    norm.set_weights([ones * (1 + norm.epsilon) ** 0.5, bias, ones * 0, ones])


def fill_v2(model):
    fill(model, "stem", "Conv1", "bn_Conv1", "relu6")
    for block in range(1, 18):
        prefix = "expanded_conv" if block == 1 else f"block_{block - 1}"
        if block > 1:
            fill(model, f"block{block}.expand", f"{prefix}_expand", f"{prefix}_expand_BN", "relu6")
        fill(model, f"block{block}.depthwise", f"{prefix}_depthwise", f"{prefix}_depthwise_BN", "relu6")
        fill(model, f"block{block}.project", f"{prefix}_project", f"{prefix}_project_BN", "linear")
    fill(model, "head", "Conv_1", "Conv_1_bn", "relu6")
    fill(model, "classifier", "predictions", None, "linear")


def fill_v1(model):
    fill(model, "stem", "conv1", "conv1_bn", "relu6")
    for block in range(1, 14):
        fill(model, f"block{block}.depthwise", f"conv_dw_{block}", f"conv_dw_{block}_bn", "relu6")
        fill(model, f"block{block}.pointwise", f"conv_pw_{block}", f"conv_pw_{block}_bn", "relu6")
    fill(model, "classifier", "conv_preds", None, "linear")


def case(family, width_multiplier, height, width, classes):
    application, filler = {"MobileNetV1": (MobileNet, fill_v1), "MobileNetV2": (MobileNetV2, fill_v2)}[family]
    shape = (height, width, 3)
    model = application(shape, alpha=width_multiplier, weights=None, classes=classes, classifier_activation=None)
    filler(model)
    logits = model(seeded_input(1, height, width), training=False)
    options = {"widthMultiplier": width_multiplier, "height": height, "width": width, "classes": classes}
    return {"family": family, "options": options, "logits": rounded(logits)}


if __name__ == "__main__":
    cases = [
        case("MobileNetV2", 0.35, 96, 96, 10),
        case("MobileNetV2", 0.5, 75, 101, 10),
        case("MobileNetV2", 1, 224, 224, 1000),
        case("MobileNetV2", 1.4, 224, 224, 1000),
        case("MobileNetV1", 0.25, 64, 96, 10),
        case("MobileNetV1", 1, 128, 128, 1000),
    ]
    producer = f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}"
    write("keras_parameters.json", "keras_parameters.py", producer, cases)
