"""Makes onnx-multilabel.onnx and onnx-flatten.onnx with the JSON beside them. Needs PyTorch and torchvision (made with Debian's) and onnxruntime.

The network of trained.py with 9 blocks, as torch.onnx exports it, with heads that people put on it. onnx-multilabel has the maximum of the last map, a
hidden layer under GELU, and sigmoids. onnx-flatten takes the whole map, 2 x 2 x 64 in PyTorch's order, and has hidden layers under
SiLU, a leaky ReLU and ELU, and a log-softmax. Answers are ONNX Runtime's.
"""

import pathlib
import tempfile

import numpy
import onnxruntime
import torch
from torch import nn

from golden_files import listed, write, write_gzipped
from measured import settle_pytorch
from onnx_models import SHORT
from pytorch import SIZE, pixels
from trained import HEAD, WIDTH, narrow


class Network(nn.Module):
    def __init__(self, pool, classifier):
        super().__init__()
        self.features, self.pool, self.classifier = narrow(nn.Identity(), inverted_residual_setting=SHORT).features, pool, classifier

    def forward(self, x):
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))


def make(name, kind, pool, *head):
    # Statistics and the last layer are measured without what ends the network.
    *layers, end = head
    model = settle_pytorch(Network(pool, nn.Sequential(*layers)), SIZE)
    model.classifier.append(end)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "model.onnx")
        axes = {"input": {0: "batch"}, "output": {0: "batch"}}
        torch.onnx.export(model, pixels().float(), path, opset_version=13, input_names=["input"], output_names=["output"], dynamic_axes=axes)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        [answers] = session.run(None, {"input": pixels().numpy().astype(numpy.float32)})
        write_gzipped(f"{name}.onnx", path.read_bytes())
    producer = f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}"
    write(f"{name}.json", {"producer": producer, "width": WIDTH, "batch": 2, "size": SIZE, kind: listed(answers)})


if __name__ == "__main__":
    make("onnx-multilabel", "probabilities", nn.AdaptiveMaxPool2d(1), nn.Linear(HEAD, 12), nn.GELU(), nn.Linear(12, 5), nn.Sigmoid())
    hidden = [nn.Linear(4 * HEAD, 16), nn.SiLU(), nn.Linear(16, 12), nn.LeakyReLU(0.2), nn.Linear(12, 8), nn.ELU()]
    make("onnx-flatten", "logProbabilities", nn.Identity(), *hidden, nn.Linear(8, 4), nn.LogSoftmax(1))
