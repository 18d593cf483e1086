"""Makes float16.tflite.gz, dynamic-range.tflite.gz, int16.tflite.gz with the JSON beside them. Needs TensorFlow and ai-edge-litert.

The model of keras_narrow.py through the converter's other post-training quantisations: float16 weights; int8 weights under float
activations; int8 weights under int16 activations, whose biases are int64. `logits` are LiteRT's; `floatLogits` are
Keras's, with the real numbers that the stored ones stand for.
"""

import keras
import numpy
import tensorflow

from golden_files import listed, seeded_levels, write, write_gzipped
from keras_narrow import SIZE, narrow_model
from measured import prepared
from tflite import calibration, put_real_weights, run


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
    int16.representative_dataset = calibration()
    int16.target_spec.supported_ops = [tensorflow.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    yield "int16", int16


if __name__ == "__main__":
    levels = seeded_levels(1, SIZE)
    producer = f"tensorflow {tensorflow.__version__}, keras {keras.__version__}"
    for name, made in variants(narrow_model("linear")):
        content = made.convert()
        write_gzipped(f"{name}.tflite", content)
        answers = {"logits": listed(run(content, levels))}
        if name != "float16":
            # Kernels of LiteRT's hybrid operators are symmetric, with biases in float.
            real = put_real_weights(narrow_model("linear"), content)
            answers["floatLogits"] = listed(real.predict(prepared(levels).astype("float32"), verbose=0))
        write(f"{name}.json", {"producer": producer, "width": 0.1, "batch": 1, "size": SIZE, **answers})
