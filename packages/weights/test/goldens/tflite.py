"""Makes float.tflite and int8.tflite with the JSON beside them. Needs TensorFlow and ai-edge-litert.

Keras's own MobileNetV2 at width 0.1 with the parameters of measured.py, and a head of 160 channels instead of 1280, to keep the files
small. int8.tflite is the converter's post-training quantisation, whose input and output are int8. Its JSON holds what the first and last
values of each kernel and bias stand for, worked out from what LiteRT says about its tensors. `probabilities` are LiteRT's, for the levels
less 128 as the input's integers; `floatProbabilities` are Keras's, with the real numbers that the integers stand for.
"""

import keras
import numpy
import tensorflow
from ai_edge_litert.interpreter import Interpreter

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import CALIBRATION, keras_layers, prepared, settle_keras

HEAD, CLASSES, SIZE = 160, 7, 64


def keras_model():
    picture = keras.Input((SIZE, SIZE, 3), batch_size=1)
    blocks = keras.applications.MobileNetV2(input_tensor=picture, alpha=0.1, weights=None).get_layer("block_16_project_BN").output
    head = keras.layers.Conv2D(HEAD, 1, use_bias=False, name="Conv_1")(blocks)
    head = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization(epsilon=1e-3, name="Conv_1_bn")(head))
    answer = keras.layers.Dense(CLASSES, activation="softmax", name="predictions")(keras.layers.GlobalAveragePooling2D()(head))
    return settle_keras(keras.Model(picture, answer), SIZE)


def run(content, levels, scaled=prepared):
    """LiteRT's answers to one picture. An integer input is given as programs usually give it: the levels themselves, less 128 for int8."""
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    [taken], [given] = interpreter.get_input_details(), interpreter.get_output_details()
    offset = {numpy.uint8: 0, numpy.int8: 128}.get(taken["dtype"])
    pixels = scaled(levels) if offset is None else levels - offset
    interpreter.set_tensor(taken["index"], pixels.astype(taken["dtype"]))
    interpreter.invoke()
    answers = interpreter.get_tensor(given["index"]).astype(numpy.float64)
    scale, zero = given["quantization"]
    return (answers - zero) * scale if given["dtype"] != numpy.float32 else answers


def calibration(scaled=prepared):
    """A representative dataset, with a picture of black and white, as photos have both."""
    extremes = numpy.zeros((1, SIZE, SIZE, 3), numpy.float32)
    extremes[:, SIZE // 2 :] = 255
    pictures = numpy.concatenate([seeded_levels(CALIBRATION, SIZE, 1), extremes])
    return lambda: ([scaled(pictures[index : index + 1]).astype(numpy.float32)] for index in range(len(pictures)))


def quantized(model, scaled=prepared, io=None):
    """The converter's full-integer quantisation; `io` is the type of its input and output, float unless given."""
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    converter.representative_dataset = calibration(scaled)
    converter.target_spec.supported_ops = [tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if io is not None:
        converter.inference_input_type = converter.inference_output_type = io
    return converter.convert()


def real_weights(content):
    """Kernels and biases as real numbers, in the order of the operators that have them."""
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    details = {detail["index"]: detail for detail in interpreter.get_tensor_details()}

    def real(index):
        detail = details[index]
        values = interpreter.get_tensor(index).astype(numpy.float64)
        quantization = detail["quantization_parameters"]
        scales, zeros = quantization["scales"].astype(numpy.float64), quantization["zero_points"]
        if len(scales) == 0:
            return values
        shape = [1] * values.ndim
        if len(scales) > 1:
            shape[quantization["quantized_dimension"]] = len(scales)
        return (values - zeros.reshape(shape)) * scales.reshape(shape)

    found = []
    for operator in interpreter._get_ops_details():
        if operator["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            kernel, bias = (real(index) for index in operator["inputs"][1:3])
            order = {"CONV_2D": (1, 2, 3, 0), "DEPTHWISE_CONV_2D": (1, 2, 3, 0), "FULLY_CONNECTED": (1, 0)}[operator["op_name"]]
            found.append((kernel.transpose(order), bias))
    return found


def put_real_weights(model, content):
    """Gives a Keras model the real numbers that the integers of its quantised file stand for. Its BatchNorms add the biases."""
    layers = list(keras_layers(model))
    weighted = [layer for layer in layers if type(layer).__name__ in ("Conv2D", "DepthwiseConv2D", "Dense")]
    norms = iter([layer for layer in layers if type(layer).__name__ == "BatchNormalization"])
    for layer, (kernel, bias) in zip(weighted, real_weights(content), strict=True):
        if layer.use_bias:
            layer.set_weights([kernel.reshape(layer.kernel.shape), bias])
            continue
        layer.set_weights([kernel.reshape(layer.weights[0].shape)])
        norm = next(norms)
        one = numpy.ones_like(bias)
        norm.set_weights([one, bias, 0 * one, one - norm.epsilon])
    return model


def dequantized(content):
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    found = {}
    for detail in interpreter.get_tensor_details():
        scales, zeros = detail["quantization_parameters"]["scales"], detail["quantization_parameters"]["zero_points"]
        try:
            values = interpreter.get_tensor(detail["index"]).astype(numpy.float64)
        except ValueError:
            continue
        if len(scales) == 0 or values.ndim == 0 or detail["shape"][0] == 1 and values.ndim != 4:
            continue
        if values.ndim == 4 and values.shape[0] == 1 and "depthwise" not in detail["name"]:
            continue
        shape = [1] * values.ndim
        if len(scales) > 1:
            shape[detail["quantization_parameters"]["quantized_dimension"]] = len(scales)
        values = (values - zeros.reshape(shape)) * scales.astype(numpy.float64).reshape(shape)
        found[detail["name"]] = {"first": float(values.flat[0]), "last": float(values.flat[-1])}
    return found


if __name__ == "__main__":
    model = keras_model()
    levels = seeded_levels(1, SIZE)
    common = {"producer": f"tensorflow {tensorflow.__version__}, keras {keras.__version__}", "width": 0.1, "batch": 1, "size": SIZE}
    content = tensorflow.lite.TFLiteConverter.from_keras_model(model).convert()
    write_gzipped("float.tflite", content)
    write("float.json", {**common, "probabilities": listed(run(content, levels))})

    content = quantized(model, io=tensorflow.int8)
    write_gzipped("int8.tflite", content)
    real = put_real_weights(model, content).predict(prepared(levels), verbose=0)
    answers = {"probabilities": listed(run(content, levels)), "floatProbabilities": listed(real)}
    write("int8.json", {**common, **answers, "tensors": dequantized(content)})
