"""Makes heads-positions.tflite, heads-functions.onnx and the JSON beside them: heads as people train them, in the graphs that
converters write.

The body is keras_narrow's, its BatchNorm statistics measured on pictures, so that logits depend on the picture. Batch, and with it the
shapes in the graph, are open, as in models that were saved without a thought of it. Run once with TensorFlow and ai-edge-litert, once
with TensorFlow 2.16 and tf2onnx: each makes its file.
"""

import importlib.util
import sys
import types

import keras
import numpy
import tensorflow

if importlib.util.find_spec("ai_edge_litert") is None:
    # tflite.py, of which only the seeded weights are needed, asks for it.
    sys.modules["ai_edge_litert"] = types.ModuleType("ai_edge_litert")
    sys.modules["ai_edge_litert.interpreter"] = types.SimpleNamespace(Interpreter=None)

from golden_files import listed, write, write_gzipped
from keras_narrow import SIZE, narrow_model

random = numpy.random.default_rng(7)


def pictures(count):
    """Levels of 0 to 255: blocks of 8 x 8 of one colour, and a pattern on top."""
    n, y, x, c = numpy.meshgrid(*[numpy.arange(extent) for extent in (count, SIZE, SIZE, 3)], indexing="ij")
    blocks = (37 * (y // 8) + 101 * (x // 8) + 59 * c + 71 * n + 13 * (y // 8) * (x // 8)) % 200
    return (blocks + (7 * y + 11 * x + 3 * c) % 55).astype("float32")


def body():
    """keras_narrow without its head, with measured statistics and an open batch."""
    whole = narrow_model("linear")
    fixed = keras.Model(whole.input, whole.get_layer("Conv_1_bn_relu").output)
    picture = keras.Input((SIZE, SIZE, 3))
    open_batch = keras.models.clone_model(fixed, input_tensors=picture)
    open_batch.set_weights(fixed.get_weights())
    norms = [layer for layer in open_batch.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for layer in norms:
        layer.momentum = 0.0
    open_batch(pictures(16) / 127.5 - 1, training=True)
    return open_batch


def headed(layers, scaled):
    model = body()
    picture = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(picture) if scaled else picture
    x = model(x)
    for layer in layers:
        x = layer(x)
    for layer in layers:
        weights = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in weights])
        else:
            layer.set_weights([random.normal(0, 0.3, weight.shape) for weight in weights])
    return keras.Model(picture, x)


def dense(units, activation=None):
    return keras.layers.Dense(units, activation=activation)


# Edge Impulse: a dense layer at each position, then one over all of them.
positions = [keras.layers.Reshape((-1, 64)), dense(6, "relu"), keras.layers.Dropout(0.1), keras.layers.Flatten(), dense(3, "softmax")]
# The map is flattened; functions that converters write in many operators; independent probabilities.
functions = [
    *[keras.layers.Flatten(), dense(7, "gelu"), dense(6, "selu"), keras.layers.BatchNormalization()],
    *[dense(5, "swish"), dense(3, "sigmoid")],
]

if __name__ == "__main__":
    producer = f"keras {keras.__version__}, tensorflow {tensorflow.__version__}"
    if importlib.util.find_spec("tf2onnx") is None:
        model = headed(positions, scaled=False)
        answer = listed(model.predict(pictures(1) / 127.5 - 1, verbose=0))
        write_gzipped("heads-positions.tflite", tensorflow.lite.TFLiteConverter.from_keras_model(model).convert())
        write("heads-positions.json", {"producer": producer, "size": SIZE, "probabilities": answer})
    else:
        import tf2onnx

        model = headed(functions, scaled=True)
        answer = listed(model.predict(pictures(1), verbose=0))
        signature = (tensorflow.TensorSpec((None, SIZE, SIZE, 3), tensorflow.float32, name="x"),)
        function = tensorflow.function(lambda x: model(x, training=False), input_signature=signature)
        onnx, _ = tf2onnx.convert.from_function(function, input_signature=signature, opset=15)
        write_gzipped("heads-functions.onnx", onnx.SerializeToString())
        producer = f"{producer}, tf2onnx {tf2onnx.__version__}"
        write("heads-functions.json", {"producer": producer, "size": SIZE, "probabilities": answer})
