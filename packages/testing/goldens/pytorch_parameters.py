"""Logits of torchvision's MobileNetV2 whose folded parameters are `seededParameters`, with symmetric padding.

Makes pytorch_parameters.json beside this script. The committed one was made by PyTorch 1.13.0a0 and torchvision 0.14.1a0 of
Debian 12, on a CPU:

    apt-get install python3-torch python3-torchvision && /usr/bin/python3 goldens/pytorch_parameters.py
"""

from producer import rounded, write

import torch
import torchvision
from torch import nn

from seeded import seeded_input, seeded_layer


def copy(parameter, values):
    parameter.data.copy_(torch.from_numpy(values))


def fill(layer, convolution, norm, activation):
    """Fills kernel and bias of one layer. BatchNorm only adds the bias."""
    outputs, inputs, rows, columns = convolution.weight.shape
    if convolution.groups > 1:
        kernel, bias = seeded_layer(layer, (rows, columns, outputs), outputs, activation)
        kernel = kernel.transpose(2, 0, 1)[:, None]
    else:
        shape = (inputs, outputs) if rows == 1 else (rows, columns, inputs, outputs)
        kernel, bias = seeded_layer(layer, shape, outputs, activation)
        kernel = kernel.reshape(rows, columns, inputs, outputs).transpose(3, 2, 0, 1)
    copy(convolution.weight, kernel.copy())
    copy(norm.bias, bias)
    nn.init.constant_(norm.weight, (1 + norm.eps) ** 0.5)


def case(width_multiplier, height, width, classes):
    model = torchvision.models.mobilenet_v2(weights=None, width_mult=width_multiplier, num_classes=classes).eval()
    fill("stem", model.features[0][0], model.features[0][1], "relu6")
    for block, module in enumerate(model.features[1:-1], start=1):
        *activated, project, norm = module.conv
        names = ["expand", "depthwise"][-len(activated) :]
        for name, (convolution, batch_norm, _) in zip(names, activated):
            fill(f"block{block}.{name}", convolution, batch_norm, "relu6")
        fill(f"block{block}.project", project, norm, "linear")
    fill("head", model.features[-1][0], model.features[-1][1], "relu6")
    linear = model.classifier[1]
    kernel, bias = seeded_layer("classifier", (linear.in_features, classes), classes, "linear")
    copy(linear.weight, kernel.T.copy())
    copy(linear.bias, bias)
    with torch.no_grad():
        logits = model(torch.from_numpy(seeded_input(1, height, width)).permute(0, 3, 1, 2))
    options = {"widthMultiplier": width_multiplier, "height": height, "width": width, "classes": classes}
    return {"family": "MobileNetV2", "options": options, "logits": rounded(logits)}


if __name__ == "__main__":
    cases = [case(0.35, 96, 96, 10), case(0.5, 75, 101, 10), case(1, 224, 224, 1000), case(1.4, 224, 224, 1000)]
    producer = f"PyTorch {torch.__version__} and torchvision {torchvision.__version__}"
    write("pytorch_parameters.json", "pytorch_parameters.py", producer, cases)
