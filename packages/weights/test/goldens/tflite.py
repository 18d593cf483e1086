"""Makes float.tflite and int8.tflite with the JSON beside them. Needs TensorFlow and ai-edge-litert.

Keras's own MobileNetV2 at width 0.1 with seeded parameters, and a head of 160 channels instead of 1280, to keep the files small. int8.tflite is the converter's post-training quantisation; its JSON
holds what the first and last values of each kernel and bias stand for, worked out from what LiteRT says about its tensors.
"""

import keras
import numpy
import tensorflow
from ai_edge_litert.interpreter import Interpreter

from golden_files import listed, seeded_input, seeded_state_dict_tensor, write, write_gzipped

HEAD, CLASSES, SIZE = 160, 7, 64


def seeded_weight(layer, variable):
    """A Keras variable with the values that a PyTorch tensor of this layer would have."""
    name = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}.get(
        variable.name, "bias" if variable.name == "bias" else "weight"
    )
    shape = tuple(variable.shape)
    full = f"{layer.name}.{name}"
    if len(shape) != 4:
        return seeded_state_dict_tensor(full, shape[::-1]).transpose() if len(shape) == 2 else seeded_state_dict_tensor(full, shape)
    order = (2, 3, 0, 1) if "depthwise" in layer.name else (3, 2, 0, 1)
    torch_shape = tuple(shape[axis] for axis in order)
    return seeded_state_dict_tensor(full, torch_shape).transpose(numpy.argsort(order))


def keras_model():
    picture = keras.Input((SIZE, SIZE, 3), batch_size=1)
    blocks = keras.applications.MobileNetV2(input_tensor=picture, alpha=0.1, weights=None).get_layer("block_16_project_BN").output
    head = keras.layers.Conv2D(HEAD, 1, use_bias=False, name="Conv_1")(blocks)
    head = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization(epsilon=1e-3, name="Conv_1_bn")(head))
    answer = keras.layers.Dense(CLASSES, activation="softmax", name="predictions")(keras.layers.GlobalAveragePooling2D()(head))
    model = keras.Model(picture, answer)
    for layer in model.layers:
        layer.set_weights([seeded_weight(layer, variable) for variable in layer.weights])
    return model


def run(content, pixels):
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], pixels)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


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
    pixels = seeded_input(1, SIZE, SIZE)
    producer = f"tensorflow {tensorflow.__version__}, keras {keras.__version__}"
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    content = converter.convert()
    write_gzipped("float.tflite", content)
    write("float.json", {"producer": producer, "width": 0.1, "batch": 1, "size": SIZE, "probabilities": listed(run(content, pixels))})

    converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([seeded_input(1, SIZE, SIZE, seed)] for seed in range(8))
    converter.target_spec.supported_ops = [tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tensorflow.int8
    converter.inference_output_type = tensorflow.int8
    content = converter.convert()
    write_gzipped("int8.tflite", content)
    write("int8.json", {"producer": producer, "tensors": dequantized(content)})
