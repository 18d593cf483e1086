"""Writes full-size files of TensorFlow's family into the folder that is given, each with a JSON of its producer's answer beside it.

Keras's own MobileNetV2 (224 x 224, 1000 classes) with parameters seeded by name, through every format that Keras 3, Keras 2 and the
TensorFlow Lite converter write. scripts/full-size.mjs installs what this needs, and compares.
"""

import json
import os
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "packages/weights/test/goldens"))

import keras
import numpy
import tensorflow
import tf_keras
from ai_edge_litert.interpreter import Interpreter
from golden_files import listed, seeded_input, seeded_state_dict_tensor

SIZE = 224
PIXELS = seeded_input(1, SIZE, SIZE)
KERAS3, KERAS2 = f"keras {keras.__version__}", f"tf-keras {tf_keras.__version__}"
TENSORFLOW = f"tensorflow {tensorflow.__version__}"


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


def report(name, format_name, naming, producer, logits, answer="logits"):
    content = {"file": name, "format": format_name, "naming": naming, "producer": producer, "size": SIZE, answer: listed(logits)}
    (FOLDER / f"{name}.json").write_text(json.dumps(content))
    print(name, flush=True)


def seeded(library, seed, **options):
    model = library.applications.MobileNetV2(weights=None, input_shape=(SIZE, SIZE, 3), **options)
    for layer in model.layers:
        layer.set_weights([seed(layer, variable) for variable in layer.weights])
    return model


def logits_of(library, model):
    """The logits, computed from Keras's own pooled features; the features if there is no classifier."""
    last = model.layers[-1]
    if not last.get_weights():
        return model.predict(PIXELS, verbose=0)
    kernel, bias = last.get_weights()
    return library.Model(model.inputs, model.layers[-2].output).predict(PIXELS, verbose=0).astype(numpy.float64) @ kernel + bias


def keras_files(library, seed, producer, prefix):
    model = seeded(library, seed, alpha=1.0)
    logits = logits_of(library, model)
    for extension, naming, save in [
        ("h5", "structural", model.save),
        ("keras", "structural", model.save),
        ("weights.h5", "keras", model.save_weights),
    ]:
        name = f"{prefix}-1.0.{extension}"
        save(str(FOLDER / name))
        report(name, f".{extension}", naming, producer, logits)


def backbone():
    model = seeded(tf_keras, seeded_weight, alpha=0.35, include_top=False, pooling="avg")
    name = "keras2-0.35-no-top.h5"
    model.save_weights(str(FOLDER / name))
    report(name, ".h5 of weights, no classifier", "keras", KERAS2, logits_of(tf_keras, model))


def wide():
    model = seeded(keras, seeded_weight, alpha=1.4)
    model.save(str(FOLDER / "keras3-1.4.h5"))
    report("keras3-1.4.h5", ".h5", "structural", KERAS3, logits_of(keras, model))


def fixed_batch():
    picture = keras.Input((SIZE, SIZE, 3), batch_size=1)
    model = keras.applications.MobileNetV2(input_tensor=picture, weights=None, classifier_activation=None)
    for layer in model.layers:
        layer.set_weights([seeded_weight(layer, variable) for variable in layer.weights])
    return model


def run(content):
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], PIXELS)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def tflite_files(model):
    def converter(optimized):
        made = tensorflow.lite.TFLiteConverter.from_keras_model(model)
        if optimized:
            made.optimizations = [tensorflow.lite.Optimize.DEFAULT]
        return made

    def calibrated(operators):
        made = converter(True)
        made.representative_dataset = lambda: ([seeded_input(1, SIZE, SIZE, seed)] for seed in range(8))
        made.target_spec.supported_ops = [operators]
        return made

    float16 = converter(True)
    float16.target_spec.supported_types = [tensorflow.float16]
    sets = tensorflow.lite.OpsSet
    for name, note, made in [
        ("float32", "float32", converter(False)),
        ("float16", "float16 weights", float16),
        ("dynamic-range", "int8 weights, float activations", converter(True)),
        ("int8", "int8 weights and activations", calibrated(sets.TFLITE_BUILTINS_INT8)),
        ("int16", "int8 weights, int16 activations", calibrated(sets.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8)),
    ]:
        content = made.convert()
        (FOLDER / f"{name}.tflite").write_bytes(content)
        answer = "logits" if name.startswith("float") else "integerLogits"
        report(f"{name}.tflite", f"TensorFlow Lite, {note}", "structural", TENSORFLOW, run(content), answer)


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    keras_files(keras, seeded_weight, KERAS3, "keras3")
    keras_files(tf_keras, seeded_weight, KERAS2, "keras2")
    backbone()
    wide()
    tflite_files(fixed_batch())
