"""Writes full-size files of PyTorch's family into the folder that is given, each with a JSON of its producer's answer beside it.

The models are those of the scripts that make packages/weights/test/goldens, at the widths that are published, with parameters seeded
by name: 224 x 224, 1000 classes (Hugging Face: 1001). scripts/full-size.mjs installs what this needs, and compares.
"""

import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "packages/weights/test/goldens"))

import onnx
import onnxruntime
import onnx_models
import publishers
import pytorch
import safetensors.torch
import timm
import torch
import torchvision
import transformers
from golden_files import seeded_input, seeded_state_dict_tensor
from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic, quantize_static

SIZE = 224
for module in (pytorch, publishers, onnx_models):
    module.SIZE = SIZE
pytorch.HEAD = publishers.HEAD = 1280
pytorch.CLASSES = publishers.CLASSES = 1000
publishers.WIDTH = onnx_models.WIDTH = 1.0
onnx_models.BATCH = 1
onnx_models.pictures = lambda seed_number=0: seeded_input(1, SIZE, SIZE, seed_number).transpose(0, 3, 1, 2).copy()

TORCH = f"torch {torch.__version__}"


def report(path, format_name, naming, producer, logits, **more):
    content = {"file": path.name, "format": format_name, "naming": naming, "producer": producer, "size": SIZE, "logits": logits}
    path.with_suffix(".json").write_text(json.dumps({**content, **more}))
    print(path.name, flush=True)


def seed(model):
    state = model.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            state[name] = torch.from_numpy(seeded_state_dict_tensor(name, tuple(tensor.shape)).copy())
    model.load_state_dict(state)
    return model.eval()


def logits_of(model):
    pixels = torch.from_numpy(seeded_input(1, SIZE, SIZE).copy()).permute(0, 3, 1, 2)
    with torch.no_grad():
        output = model.double()(pixels.double())
    return publishers.listed((output if torch.is_tensor(output) else output.logits).numpy())


def state_dict(name, model, naming, producer, legacy=False):
    path = FOLDER / f"{name}.pth"
    torch.save(seed(model).state_dict(), path, _use_new_zipfile_serialization=not legacy)
    report(path, "PyTorch's legacy pickle" if legacy else "PyTorch's zip", naming, f"{producer}{TORCH}", logits_of(model))


def tensors(name, model, naming, producer, dtype):
    path = FOLDER / f"{name}.safetensors"
    state = {key: value.to(dtype) if value.is_floating_point() else value for key, value in seed(model).state_dict().items()}
    safetensors.torch.save_file(state, path, metadata={"format": "pt"})
    model.load_state_dict(state)
    kind = str(dtype).removeprefix("torch.")
    report(path, f"safetensors, {kind}", naming, f"{producer}, safetensors {safetensors.__version__}", logits_of(model))


def huggingface(width, classes):
    config = transformers.MobileNetV2Config(depth_multiplier=width, num_labels=classes)
    return transformers.MobileNetV2ForImageClassification(config)


class Viewed(publishers.DLi14):
    """Flattens as d-li14 does: by the batch of the input, which an exported graph computes from shapes."""

    def forward(self, x):
        pooled = torch.nn.functional.avg_pool2d(self.conv(self.features(x)), SIZE // 32)
        return self.classifier(pooled.view(pooled.size(0), -1))


def exported(name, model, note, **options):
    path = FOLDER / f"{name}.onnx"
    axes = {"input": {0: "batch"}, "output": {0: "batch"}}
    pixels = torch.from_numpy(onnx_models.pictures())
    torch.onnx.export(seed(model), pixels, path, input_names=["input"], output_names=["output"], dynamic_axes=axes, **options)
    producer = f"{TORCH}, onnxruntime {onnxruntime.__version__}"
    report(path, f"ONNX, {note}", "structural", producer, publishers.listed(onnx_models.run(path)))
    return path


def quantized(name, folded, note, quantize):
    path = FOLDER / f"{name}.onnx"
    quantize(folded, path)
    real = publishers.listed(onnx_models.float_logits(path, folded))
    integers = publishers.listed(onnx_models.run(path))
    producer = f"{TORCH}, onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    report(path, f"ONNX, {note}", "structural", producer, real, integerLogits=integers)


def static(quant_format):
    kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
    return lambda source, path: quantize_static(
        source, path, onnx_models.Calibration(), quant_format=quant_format, per_channel=True, **kinds
    )


if __name__ == "__main__":
    vision = f"torchvision {torchvision.__version__}, "
    by_timm = f"timm {timm.__version__}, {TORCH}"
    by_transformers = f"transformers {transformers.__version__}, {TORCH}"
    state_dict("note", pytorch.Note(1.0), "note", "")
    state_dict("torchvision", torchvision.models.mobilenet_v2(), "torchvision", vision)
    state_dict("torchvision-legacy", torchvision.models.mobilenet_v2(), "torchvision", vision, legacy=True)
    state_dict("d-li14", publishers.DLi14(), "d-li14", "d-li14's modules re-implemented, ", legacy=True)
    tensors("timm-100", timm.create_model("mobilenetv2_100"), "timm", by_timm, torch.float32)
    tensors("timm-110d", timm.create_model("mobilenetv2_110d"), "timm", by_timm, torch.float32)
    tensors("timm-120d", timm.create_model("mobilenetv2_120d"), "timm", by_timm, torch.float16)
    tensors("timm-140", timm.create_model("mobilenetv2_140"), "timm", by_timm, torch.bfloat16)
    tensors("huggingface-1.0", huggingface(1.0, 1001), "huggingface", by_transformers, torch.float32)
    tensors("huggingface-0.35", huggingface(0.35, 1001), "huggingface", by_transformers, torch.float32)
    folded = exported("onnx-folded", torchvision.models.mobilenet_v2(), "operator set 13, BatchNorm folded", opset_version=13)
    training = torch.onnx.TrainingMode.PRESERVE
    exported("onnx-batch-norm", torchvision.models.mobilenet_v2(), "operator set 13, BatchNorm as it is", opset_version=13, training=training)
    exported("onnx-9", Viewed(), "operator set 9, shapes computed in the graph", opset_version=9)
    quantized("onnx-qdq", folded, "int8, QuantizeLinear and DequantizeLinear", static(QuantFormat.QDQ))
    quantized("onnx-qoperator", folded, "int8, QLinear operators", static(QuantFormat.QOperator))
    quantized("onnx-dynamic", folded, "uint8, scales computed at run time", lambda *paths: quantize_dynamic(*paths, weight_type=QuantType.QUInt8))
