"""Makes keras3.h5.gz, keras3.keras.gz and keras3.json. Needs TensorFlow, Keras 3 and ai-edge-litert (for tflite.py).

The model is that of tflite.py: Keras's own MobileNetV2 at width 0.1, a head of 160 channels, the parameters of measured.py, a softmax at its
end. keras3.keras holds a whole .weights.h5. The files are gzipped, because half of an HDF5 file of small tensors is empty.
"""

import tempfile
from pathlib import Path

import keras
import numpy

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import prepared
from tflite import SIZE, keras_model


def logits(model, pixels):
    """The last dense layer before its softmax, out of Keras's own pooled features."""
    features = keras.Model(model.inputs, model.layers[-2].output).predict(pixels, verbose=0)
    kernel, bias = model.layers[-1].get_weights()
    return features.astype(numpy.float64) @ kernel + bias


def save(model, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        model.save(str(path))
        write_gzipped(name, path.read_bytes())


if __name__ == "__main__":
    model = keras_model()
    save(model, "keras3.h5")
    save(model, "keras3.keras")
    found = listed(logits(model, prepared(seeded_levels(1, SIZE))))
    write("keras3.json", {"producer": f"keras {keras.__version__}", "size": SIZE, "logits": found})
