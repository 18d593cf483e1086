"""Ten steps of PyTorch's SGD from seeded parameters: losses, gradients, parameters, averages. The network is a small one of the note that
this project implements (docs/network.md).

All in float64, rounded to float32 at the end: in float32 one position in thousands falls on the other side of a ReLU6's edge, which
moves PyTorch's own gradients by up to 1 %.

Makes pytorch_training.json beside this script. The committed one was made by PyTorch 1.13.0a0 of Debian 12, on a CPU:

    apt-get install python3-torch && /usr/bin/python3 test/goldens/pytorch_training.py
"""

import base64
import json
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[2] / "testing" / "python"))
sys.dont_write_bytecode = True

import numpy
import torch
from torch import nn

from seeded import seeded_state_dict_tensor, seeded_values

OPTIONS = {
    "table": [[1, 8, 1, 1], [6, 8, 2, 2], [3, 16, 2, 2], [6, 16, 2, 1]],
    "stemChannels": 8,
    "headChannels": 48,
    "height": 33,
    "width": 30,
    "classes": 5,
}
# A seed under which no value lies closer to an edge of ReLU6 than 2e-5 in the first step and 5e-6 in the ten.
SEED = 749
TRAINING = {"batch": 4, "steps": 10, "learningRate": 0.02, "momentum": 0.9, "weightDecay": 0.001, "labelSmoothing": 0.1, "dropout": 0.2}


def conv_norm(inputs, outputs, kernel, activated=True, **options):
    modules = [nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, **options), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*modules, *([nn.ReLU6()] if activated else []))


class Separable(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.depthwise = conv_norm(inputs, inputs, 3, stride=stride, groups=inputs)
        self.pointwise = conv_norm(inputs, outputs, 1, activated=False)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Inverted(nn.Module):
    def __init__(self, inputs, expansion, outputs, stride):
        super().__init__()
        expand = [conv_norm(inputs, inputs * expansion, 1)] if expansion > 1 else []
        self.residual = nn.Sequential(*expand, Separable(inputs * expansion, outputs, stride))
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x):
        return self.residual(x) + x if self.shortcut else self.residual(x)


class Note(nn.Module):
    """The note's network with OPTIONS. The features that dropout keeps are an input, so that this project can keep the same ones."""

    def __init__(self):
        super().__init__()
        channels = OPTIONS["stemChannels"]
        self.stem_conv = conv_norm(3, channels, 3, stride=2)
        blocks = []
        for t, c, n, s in OPTIONS["table"]:
            for stride in [s] + [1] * (n - 1):
                blocks.append(Inverted(channels, t, c, stride))
                channels = c
        self.layers = nn.Sequential(*blocks)
        self.last_conv = conv_norm(channels, OPTIONS["headChannels"], 1)
        self.classifier = nn.Sequential(nn.Identity(), nn.Linear(OPTIONS["headChannels"], OPTIONS["classes"]))

    def forward(self, x, kept):
        features = self.last_conv(self.layers(self.stem_conv(x))).mean((2, 3))
        return self.classifier(features * kept / (1 - TRAINING["dropout"]))


def batch(step):
    size, height, width = TRAINING["batch"], OPTIONS["height"], OPTIONS["width"]
    pictures = seeded_values(f"pictures.{step}", size * height * width * 3, -1, 1, SEED).reshape(size, height, width, 3)
    draws = seeded_values(f"dropout.{step}", size * OPTIONS["headChannels"], 0, 1).reshape(size, -1)
    labels = [(3 * step + 2 * picture) % OPTIONS["classes"] for picture in range(size)]
    kept = torch.from_numpy((draws >= TRAINING["dropout"]).astype(numpy.float64))
    return torch.from_numpy(pictures).double().permute(0, 3, 1, 2), torch.tensor(labels), kept


def packed(tensors):
    values = numpy.concatenate([tensor.detach().numpy().reshape(-1) for tensor in tensors]).astype("<f4")
    return base64.b64encode(values.tobytes()).decode()


def main():
    model = Note().double().train()
    shapes = {name: list(t.shape) for name, t in model.state_dict().items() if not name.endswith(".num_batches_tracked")}
    seeded = {name: torch.from_numpy(seeded_state_dict_tensor(name, shape)) for name, shape in shapes.items()}
    model.load_state_dict(seeded, strict=False)
    learned = dict(model.named_parameters())
    loss_of = nn.CrossEntropyLoss(label_smoothing=TRAINING["labelSmoothing"])
    sgd = torch.optim.SGD(
        learned.values(), lr=TRAINING["learningRate"], momentum=TRAINING["momentum"], weight_decay=TRAINING["weightDecay"]
    )
    losses, golden = [], {}
    for step in range(TRAINING["steps"]):
        pictures, labels, kept = batch(step)
        sgd.zero_grad()
        loss = loss_of(model(pictures, kept), labels)
        loss.backward()
        if step == 0:
            golden["gradients"] = packed([learned[name].grad for name in shapes if name in learned])
        sgd.step()
        losses.append(float(f"{loss.item():.9g}"))
        if step in (0, TRAINING["steps"] - 1):
            state = model.state_dict()
            golden[f"afterStep{step + 1}"] = packed([state[name] for name in shapes])
    head = {
        "script": "pytorch_training.py",
        "producer": f"PyTorch {torch.__version__}",
        "options": OPTIONS,
        "training": TRAINING,
        "seed": SEED,
        "learned": [name for name in shapes if name in learned],
        "shapes": shapes,
        "losses": losses,
    }
    lines = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in {**head, **golden}.items())
    (here / "pytorch_training.json").write_text("{\n " + lines + "\n}\n")


if __name__ == "__main__":
    main()
