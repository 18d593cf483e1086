"""Makes onnx-folded.onnx, onnx-batch-norm.onnx, onnx-qdq.onnx, onnx-qoperator.onnx and onnx-dynamic.onnx with the JSON beside them.

Needs PyTorch and torchvision (made with Debian's), onnx and onnxruntime. The model is torchvision's at width 0.1 and with fewer
blocks, with the parameters of measured.py, exported by torch.onnx at operator set 13 with any batch; the last three are ONNX Runtime's own quantisations of it. Their
JSON holds two kinds of logits: `logits`, as ONNX Runtime answers with the file, and `floatLogits`, as it answers when the
quantised kernels are used as the real numbers that they stand for and activations are not quantised.
"""

import pathlib
import tempfile

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

from golden_files import listed, seeded_levels, write, write_gzipped
from measured import IMAGENET, prepared, settle_pytorch
from pytorch import SIZE, TABLE, torchvision_model

WIDTH, BATCH = 0.1, 2

# 9 blocks instead of 17, two of them with a shortcut, to keep the files small.
SHORT = [[t, c, repetitions, s] for (t, c, _, s), repetitions in zip(TABLE, (1, 2, 1, 2, 1, 1, 1))]


def pictures(seed_number=0):
    return prepared(seeded_levels(BATCH, SIZE, seed_number), *IMAGENET).astype(numpy.float32).transpose(0, 3, 1, 2).copy()


def export(path, **options):
    torch.onnx.export(
        settle_pytorch(torchvision_model(WIDTH, SHORT), SIZE),
        torch.from_numpy(pictures()),
        path,
        opset_version=13,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
        **options,
    )


def run(path):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: pictures()})[0]


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{"input": pictures(seed_number)} for seed_number in range(1, 9)])

    def get_next(self):
        return next(self.batches, None)


def constants(graph):
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            found[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return found


def real_weights(path):
    """The kernels and biases of a quantised file as real numbers, by the order of the convolutions and the dense layer."""
    graph = onnx.load(path).graph
    known = constants(graph)
    real = lambda q, s, z, axis=0: (known[q].astype(numpy.float64) - expand(known[z], known[q].ndim, axis)) * expand(known[s], known[q].ndim, axis)
    expand = lambda v, rank, axis: v.astype(numpy.float64).reshape([-1 if a == axis else 1 for a in range(rank)] if v.size > 1 else [1] * rank)
    layers = []
    dequantized = {}
    for node in graph.node:
        inputs = node.input
        if node.op_type == "DequantizeLinear" and inputs[0] in known:
            axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
            dequantized[node.output[0]] = real(*inputs, axis)
        elif node.op_type in ("Conv", "Gemm"):
            layers.append([dequantized[inputs[1]] if inputs[1] in dequantized else known[inputs[1]], dequantized[inputs[2]] if inputs[2] in dequantized else known[inputs[2]]])
        elif node.op_type == "QLinearConv":
            kernel = real(inputs[3], inputs[4], inputs[5])
            layers.append([kernel, known[inputs[8]] * (known[inputs[1]].astype(numpy.float64) * known[inputs[4]])])
        elif node.op_type == "QGemm":
            layers.append([real(inputs[3], inputs[4], inputs[5], 0), known[inputs[6]] * (known[inputs[1]].astype(numpy.float64) * known[inputs[4]])])
        elif node.op_type in ("ConvInteger", "MatMulInteger"):
            scale = next(name for n in graph.node if n.op_type == "Mul" for name in n.input if name in known and name == inputs[1].replace("_quantized", "_scale"))
            layers.append([real(inputs[1], scale, inputs[3], 0), None])
    return layers


def float_logits(path, folded):
    """ONNX Runtime's answer with the float export, its weights replaced by those of the quantised file."""
    model = onnx.load(folded)
    known = {tensor.name: tensor for tensor in model.graph.initializer}
    layers = [node for node in model.graph.node if node.op_type in ("Conv", "Gemm")]
    for node, values in zip(layers, real_weights(path), strict=True):
        for name, value in zip(node.input[1:], values, strict=True):
            if value is None:
                continue
            tensor = known[name]
            value = value.transpose() if tuple(tensor.dims) != value.shape else value
            tensor.CopyFrom(numpy_helper.from_array(value.astype(numpy.float32), name))
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        onnx.save(model, file.name)
        return run(file.name)


def golden(path, **more):
    producer = f"torch {torch.__version__}, onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    content = {"producer": producer, "width": WIDTH, "batch": BATCH, "size": SIZE, "logits": listed(run(path))}
    write(f"{path.stem}.json", {**content, **more})
    write_gzipped(path.name, path.read_bytes())


def make(folder):
    folded = folder / "onnx-folded.onnx"
    export(folded)
    golden(folded)
    normed = folder / "onnx-batch-norm.onnx"
    export(normed, training=torch.onnx.TrainingMode.PRESERVE)
    golden(normed)
    for name, quant_format in (("onnx-qdq", QuantFormat.QDQ), ("onnx-qoperator", QuantFormat.QOperator)):
        path = folder / f"{name}.onnx"
        kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
        quantize_static(folded, path, Calibration(), quant_format=quant_format, per_channel=True, **kinds)
        golden(path, floatLogits=listed(float_logits(path, folded)))
    path = folder / "onnx-dynamic.onnx"
    quantize_dynamic(folded, path, weight_type=QuantType.QUInt8)
    golden(path, floatLogits=listed(float_logits(path, folded)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        make(pathlib.Path(temporary))
