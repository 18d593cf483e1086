"""Makes float16.tflite.gz, dynamic-range.tflite.gz, int16.tflite.gz and tflite-variants.json. Needs TensorFlow and ai-edge-litert.

The model of keras_narrow.py through the converter's other post-training quantisations: float16 weights; int8 weights under float
activations; int8 weights under int16 activations, whose biases are int64. The JSON has LiteRT's own logits for each.
"""

import keras
import numpy
import tensorflow

from golden_files import listed, seeded_input, write, write_gzipped
from keras_narrow import SIZE, narrow_model
from tflite import run


def converter(model):
    made = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    made.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    return made


def variants(model):
    float16 = converter(model)
    float16.target_spec.supported_types = [tensorflow.float16]
    yield "float16", float16
    yield "dynamic-range", converter(model)
    int16 = converter(model)
    int16.representative_dataset = lambda: ([seeded_input(1, SIZE, SIZE, seed)] for seed in range(8))
    int16.target_spec.supported_ops = [tensorflow.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    yield "int16", int16


if __name__ == "__main__":
    pixels = seeded_input(1, SIZE, SIZE)
    logits = {}
    for name, made in variants(narrow_model("linear")):
        content = made.convert()
        write_gzipped(f"{name}.tflite", content)
        logits[name] = listed(run(content, pixels).astype(numpy.float64))
    producer = f"tensorflow {tensorflow.__version__}, keras {keras.__version__}"
    write("tflite-variants.json", {"producer": producer, "size": SIZE, "logits": logits})
