"""Makes tf2onnx.onnx.gz and tf2onnx.json. Needs TensorFlow, tf-keras (Keras 2) and tf2onnx.

The network of tensorflow_files.py with few blocks, as tf2onnx converts it: operators Pad before convolutions without pads,
BatchNorms that are not folded, transposes around it. Parameters are those of measured.py; answers are Keras's.
"""

import sys

import numpy
import tensorflow
import tf2onnx
import tf_keras as keras

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import prepared, settle_keras

sys.argv.append("tf_keras")
from tensorflow_files import FEW, SIZE, network  # noqa: E402

if __name__ == "__main__":
    model = settle_keras(network(FEW), SIZE)
    signature = [tensorflow.TensorSpec((None, SIZE, SIZE, 3), tensorflow.float32, name="input")]
    made, _ = tf2onnx.convert.from_keras(model, input_signature=signature, opset=13)
    content = made.SerializeToString()
    probabilities = model.predict(prepared(seeded_levels(2, SIZE)).astype(numpy.float32), verbose=0)
    producer = f"tf2onnx {tf2onnx.__version__}, tf-keras {keras.__version__}"
    write_gzipped("tf2onnx.onnx", content)
    write("tf2onnx.json", {"producer": producer, "batch": 2, "size": SIZE, "probabilities": listed(probabilities)})
