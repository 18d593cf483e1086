"""Makes note.pth, torchvision.pth, tensors.pth and tensors-legacy.pth (the same before PyTorch 1.6) with the JSON beside them. Needs PyTorch and torchvision (made with Debian's).

The parameters are those of measured.py. The head has 160 channels instead of 1280, to keep the files small. The logits are those of
`seeded_levels` with ImageNet's mean and deviation.
"""

import io

import torch
import torchvision
from torch import nn

from golden_files import HERE, listed, seeded_levels, write, write_gzipped
from measured import IMAGENET, prepared, settle_pytorch

HEAD, CLASSES, SIZE = 160, 7, 64
TABLE = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


def rounded(channels, width):
    """torchvision's _make_divisible, through torchvision."""
    return torchvision.models.mobilenetv2._make_divisible(channels * width, 8)


def normed(inputs, outputs, kernel, **options):
    return [nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, **options), nn.BatchNorm2d(outputs)]


class Separable(nn.Module):
    def __init__(self, channels, outputs, stride):
        super().__init__()
        self.depthwise = nn.Sequential(*normed(channels, channels, 3, stride=stride, groups=channels), nn.ReLU6())
        self.pointwise = nn.Sequential(*normed(channels, outputs, 1))

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class Block(nn.Module):
    def __init__(self, inputs, expansion, outputs, stride):
        super().__init__()
        self.shortcut = stride == 1 and inputs == outputs
        expanded = inputs * expansion
        first = [nn.Sequential(*normed(inputs, expanded, 1), nn.ReLU6())] if expansion > 1 else []
        self.residual = nn.Sequential(*first, Separable(expanded, outputs, stride))

    def forward(self, x):
        return x + self.residual(x) if self.shortcut else self.residual(x)


class Note(nn.Module):
    """The modules of the note's code under the note's names, with a width."""

    def __init__(self, width):
        super().__init__()
        channels = rounded(32, width)
        self.stem_conv = nn.Sequential(*normed(3, channels, 3, stride=2), nn.ReLU6())
        blocks = []
        for t, c, n, s in TABLE:
            for repetition in range(n):
                blocks.append(Block(channels, t, rounded(c, width), s if repetition == 0 else 1))
                channels = rounded(c, width)
        self.layers = nn.Sequential(*blocks)
        self.last_conv = nn.Sequential(*normed(channels, HEAD, 1), nn.ReLU6())
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, CLASSES))

    def forward(self, x):
        return self.classifier(self.last_conv(self.layers(self.stem_conv(x))).mean((2, 3)))


def torchvision_model(width, table=None):
    model = torchvision.models.MobileNetV2(num_classes=CLASSES, width_mult=width, inverted_residual_setting=table)
    channels = model.features[-1][0].in_channels
    model.features[-1] = torchvision.ops.Conv2dNormActivation(channels, HEAD, kernel_size=1, activation_layer=nn.ReLU6)
    model.classifier[1] = nn.Linear(HEAD, CLASSES)
    return model


def pixels(recipe=IMAGENET):
    return torch.from_numpy(prepared(seeded_levels(2, SIZE), *recipe)).permute(0, 3, 1, 2)


def save_state(name, model, **options):
    content = io.BytesIO()
    torch.save(model.state_dict(), content, **options)
    write_gzipped(name, content.getvalue())


def golden(name, model, width):
    save_state(f"{name}.pth", model)
    with torch.no_grad():
        logits = model.double()(pixels())
    write(
        f"{name}.json",
        {
            "producer": f"torch {torch.__version__}, torchvision {torchvision.__version__}",
            "width": width,
            "batch": 2,
            "size": SIZE,
            "logits": listed(logits.numpy()),
        },
    )


def tensors():
    """A checkpoint as a training loop writes it, with tensors of several types and strides."""
    base = torch.arange(24, dtype=torch.float32)
    named = {
        "contiguous": base.reshape(2, 3, 4),
        "transposed": base.reshape(4, 6).t(),
        "window": base[5:9],
        "half": torch.tensor([1.5, -0.25, 65504.0, 6e-8], dtype=torch.float16),
        "bfloat16": torch.tensor([1.5, -0.25, 3e38, 1e-40], dtype=torch.bfloat16),
        "double": torch.tensor([0.1], dtype=torch.float64),
        "byte": torch.tensor([0, 255], dtype=torch.uint8),
        "int": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "parameter": nn.Parameter(torch.tensor([2.0, 3.0])),
    }
    state = {"state_dict": named, "epoch": 3, "lr": 0.1, "done": False, "name": "x", "optimizer": {"buffer": torch.zeros(3)}}
    torch.save(state, HERE / "tensors.pth")
    torch.save(state, HERE / "tensors-legacy.pth", _use_new_zipfile_serialization=False)
    write(
        "tensors.json",
        {name: {"shape": list(tensor.shape), "values": listed(tensor.detach().double().numpy())} for name, tensor in named.items()},
    )


if __name__ == "__main__":
    golden("torchvision", settle_pytorch(torchvision_model(0.1), SIZE), 0.1)
    golden("note", settle_pytorch(Note(0.1), SIZE), 0.1)
    tensors()
