"""Logits of the network of the note that this project implements (docs/network.md) and of torchvision's. Their state dicts are filled with
seeded values by tensor name.

Makes pytorch_state_dicts.json beside this script, from which `seededStateDict` computes the same tensors. The committed one was
made by PyTorch 1.13.0a0 and torchvision 0.14.1a0 of Debian 12, on a CPU:

    apt-get install python3-torch python3-torchvision && /usr/bin/python3 goldens/pytorch_state_dicts.py
"""

from producer import rounded, write

import torch
import torchvision
from torch import nn

from seeded import seeded_input, seeded_state_dict_tensor


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
    """The network of the note: the same modules under the same names in the state dict."""

    table = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]

    def __init__(self):
        super().__init__()
        self.stem_conv = conv_norm(3, 32, 3, stride=2)
        blocks, channels = [], 32
        for t, c, n, s in self.table:
            for stride in [s] + [1] * (n - 1):
                blocks.append(Inverted(channels, t, c, stride))
                channels = c
        self.layers = nn.Sequential(*blocks)
        self.last_conv = conv_norm(channels, 1280, 1)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        x = self.last_conv(self.layers(self.stem_conv(x)))
        return self.classifier(x.mean((2, 3)))


def case(naming, model, width_multiplier, size):
    shapes = {name: list(t.shape) for name, t in model.state_dict().items() if not name.endswith(".num_batches_tracked")}
    seeded = {name: torch.from_numpy(seeded_state_dict_tensor(name, shape)) for name, shape in shapes.items()}
    wanting = model.load_state_dict(seeded, strict=False)
    assert not wanting.unexpected_keys and all(key.endswith(".num_batches_tracked") for key in wanting.missing_keys)
    picture = torch.from_numpy(seeded_input(1, size, size)).permute(0, 3, 1, 2)
    with torch.no_grad():
        logits = model.eval()(picture)
    options = {"widthMultiplier": width_multiplier, "height": size, "width": size, "classes": 1000}
    return {"naming": naming, "options": options, "shapes": shapes, "logits": rounded(logits)}


def torchvision_case(width_multiplier, size):
    model = torchvision.models.mobilenet_v2(weights=None, width_mult=width_multiplier)
    return case("torchvision", model, width_multiplier, size)


if __name__ == "__main__":
    cases = [case("note", Note(), 1, 224), torchvision_case(1, 160)]
    cases += [torchvision_case(width_multiplier, 224) for width_multiplier in (0.35, 0.75, 1, 1.4)]
    producer = f"PyTorch {torch.__version__} and torchvision {torchvision.__version__}"
    write("pytorch_state_dicts.json", "pytorch_state_dicts.py", producer, cases)
