"""Makes timm-bf16.safetensors, timm-deep-f16.safetensors, huggingface.safetensors, d-li14.pth and torchvision-legacy.pth with the JSON beside them.

Needs PyTorch and torchvision (made with Debian's), timm, transformers and safetensors. Each model is its publisher's own code at
width 0.1, with two exceptions. d-li14 is no package: its modules are re-implemented under its names. Hugging Face's first block has
no shortcut, but width 0.1 would need one: this model has width 0.15, channels in multiples of 4 and a head as narrow. The last two
files are in the format before PyTorch 1.6, as their publishers' files are. Parameters are those of measured.py. If they are stored
in 16 bits, the logits are those of the stored numbers, for `seeded_levels` with the mean and deviation of the publisher.
"""

import pathlib
import tempfile

import safetensors.torch
import timm
import torch
import transformers
from torch import nn

from golden_files import listed, write, write_gzipped
from measured import HALF, IMAGENET, settle_pytorch
from pytorch import CLASSES, HEAD, SIZE, TABLE, normed, pixels, save_state, torchvision_model

WIDTH = 0.1


def logits_of(model, recipe):
    with torch.no_grad():
        output = model.double()(pixels(recipe))
    return listed((output if torch.is_tensor(output) else output.logits).numpy())


def golden(name, model, producer, width=WIDTH, recipe=IMAGENET):
    content = {"producer": f"{producer}, torch {torch.__version__}", "width": width, "batch": 2, "size": SIZE}
    write(f"{name}.json", {**content, "logits": logits_of(model, recipe)})


def timm_model(variant, **options):
    """timm's own generator, which its mobilenetv2_* entries call with other widths."""
    return timm.models.efficientnet._gen_mobilenet_v2(variant, WIDTH, num_classes=CLASSES, **options)


def save_timm(name, model, dtype):
    state = {key: value.to(dtype) if value.is_floating_point() else value for key, value in settle_pytorch(model, SIZE).state_dict().items()}
    write_gzipped(f"{name}.safetensors", safetensors.torch.save(state, metadata={"format": "pt"}))
    model.load_state_dict(state)
    golden(name, model, f"timm {timm.__version__}, safetensors {safetensors.__version__}")


def settle_huggingface(model):
    return settle_pytorch(model, SIZE, *HALF)


def save_huggingface():
    small = {"depth_multiplier": 0.15, "depth_divisible_by": 4, "min_depth": 4, "finegrained_output": False}
    config = transformers.MobileNetV2Config(**small, num_labels=CLASSES, image_size=SIZE)
    model = settle_huggingface(transformers.MobileNetV2ForImageClassification(config))
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, safe_serialization=True)
        write_gzipped("huggingface.safetensors", pathlib.Path(folder, "model.safetensors").read_bytes())
    golden("huggingface", model, f"transformers {transformers.__version__}", 0.15, HALF)


def rounded(channels):
    """Multiples of 4: what the published width of 0.1 was trained with."""
    value = channels * WIDTH
    multiple = max(4, int(value + 2) // 4 * 4)
    return multiple + 4 if multiple < 0.9 * value else multiple


class FlatBlock(nn.Module):
    def __init__(self, inputs, expansion, outputs, stride):
        super().__init__()
        self.shortcut = stride == 1 and inputs == outputs
        expanded = inputs * expansion
        first = [*normed(inputs, expanded, 1), nn.ReLU6()] if expansion > 1 else []
        middle = [*normed(expanded, expanded, 3, stride=stride, groups=expanded), nn.ReLU6()]
        self.conv = nn.Sequential(*first, *middle, *normed(expanded, outputs, 1))

    def forward(self, x):
        return x + self.conv(x) if self.shortcut else self.conv(x)


class DLi14(nn.Module):
    """The modules of d-li14/mobilenetv2.pytorch under its names."""

    def __init__(self):
        super().__init__()
        channels = rounded(32)
        layers = [nn.Sequential(*normed(3, channels, 3, stride=2), nn.ReLU6())]
        for t, c, n, s in TABLE:
            for repetition in range(n):
                layers.append(FlatBlock(channels, t, rounded(c), s if repetition == 0 else 1))
                channels = rounded(c)
        self.features = nn.Sequential(*layers)
        self.conv = nn.Sequential(*normed(channels, HEAD, 1), nn.ReLU6())
        self.classifier = nn.Linear(HEAD, CLASSES)

    def forward(self, x):
        return self.classifier(self.conv(self.features(x)).mean((2, 3)))


def save_legacy():
    model = settle_pytorch(torchvision_model(WIDTH), SIZE)
    save_state("torchvision-legacy.pth", model, _use_new_zipfile_serialization=False)
    golden("torchvision-legacy", model, "torch.save without zip")


def save_d_li14():
    model = settle_pytorch(DLi14(), SIZE)
    save_state("d-li14.pth", model, _use_new_zipfile_serialization=False)
    golden("d-li14", model, "d-li14/mobilenetv2.pytorch, re-implemented")


if __name__ == "__main__":
    save_timm("timm-bf16", timm_model("mobilenetv2_100"), torch.bfloat16)
    save_timm("timm-deep-f16", timm_model("mobilenetv2_110d", depth_multiplier=1.2, fix_stem_head=True), torch.float16)
    save_huggingface()
    save_d_li14()
    save_legacy()
