"""Activations of heads at a few points, in float64, by PyTorch; with `keras` as the argument, by Keras in float32.

Makes pytorch_activations.json or keras_activations.json beside this script. The committed ones were made by PyTorch 1.13.0a0 and by
Keras 3.15.1 on TensorFlow 2.21.0, on a CPU:

    /usr/bin/python3 goldens/head_activations.py && python goldens/head_activations.py keras
"""

import sys

from producer import write

import numpy

points = [-30, -6, -4.5, -3, -2.9, -2, -1.5, -1, -0.7, -0.25, -0.01, 0, 0.01, 0.25, 0.7, 1, 1.5, 2, 2.9, 3, 4.5, 5.9, 6.5, 30]


def pytorch():
    import torch
    from torch.nn import functional as f

    functions = {
        "linear": lambda x: x,
        "relu": f.relu,
        "relu6": f.relu6,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "elu": f.elu,
        "selu": f.selu,
        "silu": f.silu,
        "gelu": f.gelu,
        "geluTanh": lambda x: f.gelu(x, approximate="tanh"),
        "hardSwish": f.hardswish,
        "leakyRelu:0.3": lambda x: f.leaky_relu(x, 0.3),
    }
    x = torch.tensor(points, dtype=torch.float64)
    return f"PyTorch {torch.__version__}", {name: function(x).numpy() for name, function in functions.items()}


def keras():
    import keras
    from keras import activations as f

    functions = {
        "linear": f.linear,
        "relu": f.relu,
        "relu6": f.relu6,
        "sigmoid": f.sigmoid,
        "tanh": f.tanh,
        "elu": f.elu,
        "selu": f.selu,
        "silu": f.silu,
        "gelu": lambda x: f.gelu(x, approximate=False),
        "geluTanh": lambda x: f.gelu(x, approximate=True),
        "hardSwish": f.hard_swish,
        "leakyRelu:0.3": lambda x: f.leaky_relu(x, negative_slope=0.3),
    }
    x = keras.ops.convert_to_tensor(numpy.array(points, numpy.float32))
    values = {name: keras.ops.convert_to_numpy(function(x)) for name, function in functions.items()}
    return f"Keras {keras.__version__}", values


if __name__ == "__main__":
    framework = sys.argv[1] if len(sys.argv) > 1 else "pytorch"
    producer, values = keras() if framework == "keras" else pytorch()
    digits = 9 if framework == "keras" else 17
    rows = {name: [float(f"{value:.{digits}g}") for value in row] for name, row in values.items()}
    cases = [{"activation": name, "inputs": points, "outputs": row} for name, row in rows.items()]
    write(f"{framework}_activations.json", "head_activations.py", producer, cases)
