"""Makes slim.npz.gz and slim.json. Needs TensorFlow.

The variables of TF-slim's `mobilenet_v2.py` by name, as `tf.train.load_checkpoint` gives them, written with numpy.savez:
width 0.1, channels rounded to multiples of 4, a head of 64 channels, 5 classes. Each trained variable has a moving
average beside it, which slim's authors evaluate. The variable itself is one half everywhere, far from its average. TensorFlow
computes the logits from the averages. Parameters are as those of measured.py.
"""

import io

import numpy
import tensorflow

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import CALIBRATION, prepared, seeded_pytorch_tensor, settled_classifier

HEAD, CLASSES, SIZE, EPSILON = 64, 5, 64, 1e-3
TABLE = [(1, 4, 1, 1), (6, 4, 2, 2), (6, 4, 3, 2), (6, 8, 4, 2), (6, 12, 3, 1), (6, 16, 3, 2), (6, 32, 1, 1)]
BLOCKS = [(t, c, s if n == 0 else 1) for t, c, repetitions, s in TABLE for n in range(repetitions)]
AVERAGE = "/ExponentialMovingAverage"


def seeded(name, shape, order, depthwise=False):
    """A variable with the values that a PyTorch tensor of this name would have; `order` is PyTorch's order of its axes."""
    return seeded_pytorch_tensor(name, tuple(shape[axis] for axis in order), depthwise).transpose(numpy.argsort(order))


class Variables:
    def __init__(self):
        self.stored = {"global_step": numpy.int64(7)}
        self.classifier = None

    def averaged(self, name, value):
        self.stored[name] = numpy.full_like(value, 0.5)
        self.stored[name + AVERAGE] = value
        return value

    def normed(self, x, scope, outputs, size=1, stride=1, depthwise=False, relu=True, added=False):
        inputs = x.shape[-1]
        if depthwise:
            kernel = self.averaged(f"{scope}/depthwise_weights", seeded(f"{scope}.weight", (size, size, inputs, 1), (2, 3, 0, 1), True))
            x = tensorflow.nn.depthwise_conv2d(x, kernel, [1, stride, stride, 1], "SAME")
        else:
            kernel = self.averaged(f"{scope}/weights", seeded(f"{scope}.weight", (size, size, inputs, outputs), (3, 2, 0, 1)))
            x = tensorflow.nn.conv2d(x, kernel, stride, "SAME")
        norm = f"{scope}/BatchNorm"
        gamma = self.averaged(f"{norm}/gamma", seeded_pytorch_tensor(f"{norm}/gamma.weight", (outputs,), damped=added))
        beta = self.averaged(f"{norm}/beta", seeded_pytorch_tensor(f"{norm}/beta.bias", (outputs,)))
        if self.classifier is None:
            mean, variance = tensorflow.nn.moments(x, [0, 1, 2])
            self.stored[f"{norm}/moving_mean"], self.stored[f"{norm}/moving_variance"] = mean.numpy(), variance.numpy()
        mean, variance = self.stored[f"{norm}/moving_mean"], self.stored[f"{norm}/moving_variance"]
        x = tensorflow.nn.batch_normalization(x, mean, variance, beta, gamma, EPSILON)
        return tensorflow.nn.relu6(x) if relu else x

    def network(self, x):
        x = self.normed(x, "MobilenetV2/Conv", 4, size=3, stride=2)
        for block, (t, c, stride) in enumerate(BLOCKS):
            scope = "MobilenetV2/expanded_conv" + (f"_{block}" if block else "")
            shortcut = x
            if t > 1:
                x = self.normed(x, f"{scope}/expand", t * x.shape[-1])
            x = self.normed(x, f"{scope}/depthwise", x.shape[-1], size=3, stride=stride, depthwise=True)
            added = stride == 1 and shortcut.shape[-1] == c
            x = self.normed(x, f"{scope}/project", c, relu=False, added=added)
            if added:
                x = x + shortcut
        x = tensorflow.reduce_mean(self.normed(x, "MobilenetV2/Conv_1", HEAD), [1, 2], keepdims=True)
        scope = "MobilenetV2/Logits/Conv2d_1c_1x1"
        if self.classifier is None:
            kernel = seeded(f"{scope}.weight", (1, 1, HEAD, CLASSES), (3, 2, 0, 1)).reshape(HEAD, CLASSES)
            self.classifier = settled_classifier(kernel, True, x.numpy().reshape(-1, HEAD))
        kernel = self.averaged(f"{scope}/weights", self.classifier[0].reshape(1, 1, HEAD, CLASSES))
        bias = self.averaged(f"{scope}/biases", self.classifier[1])
        return tensorflow.nn.conv2d(x, kernel, 1, "SAME") + bias


def pictures(count, seed):
    return tensorflow.constant(prepared(seeded_levels(count, SIZE, seed)).astype(numpy.float32))


if __name__ == "__main__":
    variables = Variables()
    # The first pass measures the statistics that the second pass normalises with.
    variables.network(pictures(CALIBRATION, 1))
    logits = variables.network(pictures(1, 0))
    content = io.BytesIO()
    numpy.savez(content, **variables.stored)
    write_gzipped("slim.npz", content.getvalue())
    write("slim.json", {"producer": f"tensorflow {tensorflow.__version__}", "size": SIZE, "logits": listed(logits.numpy())})
