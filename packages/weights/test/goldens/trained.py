"""Makes what people have of a MobileNetV2 that they trained with PyTorch: training.pth, module.pth, traced.pt, fused.pth, grey.pth, features.pth, timm-headless.safetensors, timm-features.safetensors and the folder huggingface-v1, with the JSON beside them.

Needs PyTorch and torchvision (made with Debian's), timm, transformers and safetensors. The networks are narrow; parameters are those of measured.py, answers those to `seeded_levels` with ImageNet's mean and deviation.
"""

import argparse
import copy
import io
import pathlib
import tempfile
import zipfile

import safetensors.torch
import timm
import torch
import torchvision
import transformers
from torch import nn

from golden_files import HERE, listed, write, write_gzipped
from measured import HALF, IMAGENET, grey_of, prepared, seeded_levels, settle_pytorch
from pytorch import SIZE, pixels

HEAD, WIDTH, BATCH = 64, 0.1, 2
TORCHVISION = f"torchvision {torchvision.__version__}, torch {torch.__version__}"


def narrow(classifier, model=torchvision.models.MobileNetV2, **options):
    """torchvision's network at width 0.1 in multiples of 4, with a head of 64 channels, and what follows the pool."""
    made = model(width_mult=WIDTH, round_nearest=4, **options)
    made.features[-1] = torchvision.ops.Conv2dNormActivation(
        made.features[-1][0].in_channels, HEAD, kernel_size=1, activation_layer=options.get("activation", nn.ReLU6)
    )
    made.classifier = classifier
    return made


def answers(model, recipe=IMAGENET, given=None):
    with torch.no_grad():
        output = copy.deepcopy(model).double()(pixels(recipe) if given is None else given)
    output = output[-1] if isinstance(output, list) else output.logits if hasattr(output, "logits") else output
    return listed((output.mean((2, 3)) if output.ndim == 4 else output).numpy())


def golden(name, producer=TORCHVISION, width=WIDTH, **found):
    write(f"{name}.json", {"producer": producer, "width": width, "batch": BATCH, "size": SIZE, **found})


def save(name, content, **options):
    buffer = io.BytesIO()
    torch.save(content, buffer, **options)
    write_gzipped(name, buffer.getvalue())


def training():
    """As torchvision's references/classification/train.py keeps it, with averaged weights, and labels."""
    head = nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Dropout(0.2), nn.Linear(12, 3))
    model = settle_pytorch(narrow(head), SIZE)
    ema = torch.optim.swa_utils.AveragedModel(model)
    for parameter in ema.module.classifier.parameters():
        parameter.data *= 0.75
    optimizer = torch.optim.SGD(model.classifier.parameters(), 0.1, momentum=0.9)
    model.classifier(torch.ones(2, HEAD)).sum().backward()
    optimizer.step()
    model.zero_grad()
    settled = model.state_dict()
    content = {
        "model": settled,
        "optimizer": optimizer.state_dict(),
        "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1).state_dict(),
        "epoch": 3,
        "args": argparse.Namespace(model="mobilenet_v2", lr=0.1, device="cuda", output_dir=pathlib.PurePosixPath("runs")),
        "model_ema": ema.state_dict(),
        "class_to_idx": {"daisy": 0, "rose": 1, "tulip": 2},
    }
    save("training.pth", content)
    golden("training", logits=answers(model), ema=answers(ema.module.eval()))


def module():
    model = settle_pytorch(narrow(nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, 1))), SIZE)
    save("module.pth", model)
    golden("module", logits=answers(model))


def traced():
    model = settle_pytorch(narrow(nn.Linear(HEAD, 4)), SIZE)
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.trace(model, pixels()[:1].float()), buffer)
    # Two thirds of the file are debug information about the source code. They are left out.
    smaller = io.BytesIO()
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(smaller, "w") as kept:
        for entry in whole.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                kept.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))
    write_gzipped("traced.pt", smaller.getvalue())
    golden("traced", logits=answers(model))


def fused():
    quantizable = torchvision.models.quantization.mobilenetv2
    head = nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, 4))
    model = narrow(head, quantizable.QuantizableMobileNetV2, block=quantizable.QuantizableInvertedResidual)
    # PyTorch fuses a convolution with a ReLU, but not with a ReLU6. torchvision's own builder replaces ReLU6 by ReLU in this way.
    torchvision.models.quantization.utils._replace_relu(model)
    settle_pytorch(model, SIZE).fuse_model()
    save("fused.pth", model.state_dict())
    golden("fused", logits=answers(model))


def grey():
    """A first convolution of one channel, for pictures in grey, from -1 to 1."""
    model = narrow(nn.Sequential(nn.Dropout(0.2), nn.Linear(HEAD, 4)))
    model.features[0][0] = nn.Conv2d(1, model.features[0][0].out_channels, 3, 2, 1, bias=False)
    settle_pytorch(model, SIZE, *HALF, grey=True)
    save("grey.pth", model.state_dict())
    given = torch.from_numpy(grey_of(prepared(seeded_levels(BATCH, SIZE)))).permute(0, 3, 1, 2)
    golden("grey", logits=answers(model, given=given))


def features():
    model = settle_pytorch(narrow(nn.Linear(HEAD, 4)), SIZE)
    save("features.pth", model.features.state_dict())
    golden("features", features=answers(model.features))


def headless(name, recipe, **options):
    """timm's own network. The state dict has no classifier, and with features_only no last convolution either."""
    model = timm.models.efficientnet._gen_mobilenet_v2("mobilenetv2_100", WIDTH, **options)
    if hasattr(model, "conv_head"):
        model.conv_head = nn.Conv2d(model.conv_head.in_channels, HEAD, 1, bias=False)
        model.bn2 = timm.layers.BatchNormAct2d(HEAD, act_layer=nn.ReLU6)
    settle_pytorch(model, SIZE, *recipe)
    state = {key: value.half() if value.is_floating_point() else value for key, value in model.state_dict().items()}
    write_gzipped(f"{name}.safetensors", safetensors.torch.save(state, metadata={"format": "pt"}))
    model.load_state_dict(state)
    golden(name, f"timm {timm.__version__}, torch {torch.__version__}", features=answers(model, recipe))


def huggingface_v1():
    labels = {0: "cat", 1: "dog", 2: "naïve bird", 3: "fish"}
    config = transformers.MobileNetV1Config(depth_multiplier=WIDTH, image_size=SIZE, id2label=labels, label2id={name: index for index, name in labels.items()})
    model = settle_pytorch(transformers.MobileNetV1ForImageClassification(config), SIZE, *HALF)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, safe_serialization=True)
        write_gzipped("huggingface-v1.safetensors", pathlib.Path(folder, "model.safetensors").read_bytes())
        (HERE / "huggingface-v1.config.json").write_text(pathlib.Path(folder, "config.json").read_text())
    golden("huggingface-v1", f"transformers {transformers.__version__}, torch {torch.__version__}", logits=answers(model, HALF))


if __name__ == "__main__":
    torch.manual_seed(1)
    training()
    module()
    traced()
    fused()
    grey()
    features()
    headless("timm-headless", IMAGENET, num_classes=0)
    headless("timm-features", IMAGENET, features_only=True)
    huggingface_v1()
