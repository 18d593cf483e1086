"""Makes onnx-symmetric.onnx, onnx-unsigned.onnx and onnx-integers.json: what ONNX Runtime computes in each layer of quantised models.

Needs onnx and onnxruntime, on a processor with VNNI: without it ONNX Runtime's sums of uint8 x int8 saturate. Both models are
onnx-folded.onnx quantised anew. onnx-symmetric.onnx has signed integers with zero points of 0, so that Clips are left in it, between
QuantizeLinear and DequantizeLinear. onnx-unsigned.onnx has QLinear operators, and unsigned kernels with one scale and a zero point.

Each tensor of integers is made an output of the graph. This script checks that the graph's own output stays the same, so that the
layers are those of the usual run, with all optimisations. An activation is summarised as in integers.py, its channels innermost.
"""

import gzip
import hashlib
import pathlib
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from golden_files import HERE, seeded_levels, write, write_gzipped
from measured import IMAGENET, prepared

SIZE = 64
SYMMETRIC = {"quant_format": QuantFormat.QDQ, "per_channel": True, "activation_type": QuantType.QInt8, "weight_type": QuantType.QInt8}
UNSIGNED = {"quant_format": QuantFormat.QOperator, "activation_type": QuantType.QUInt8, "weight_type": QuantType.QUInt8}
# Where an operator of integers has the zero point of its output.
ZEROS = {"QuantizeLinear": 2, "QLinearConv": 7, "QLinearAdd": 7, "QLinearGlobalAveragePool": 4, "QGemm": 8}
LAYERS = ("Conv", "QLinearConv", "Gemm", "QGemm", "GlobalAveragePool", "QLinearGlobalAveragePool")


def pictures(seed_number=0):
    return prepared(seeded_levels(1, SIZE, seed_number), *IMAGENET).astype(numpy.float32).transpose(0, 3, 1, 2).copy()


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{"input": pictures(seed_number)} for seed_number in range(1, 9)])

    def get_next(self):
        return next(self.batches, None)


def quantized(folder, name, options, **extra):
    source, path = folder / "onnx-folded.onnx", folder / name
    source.write_bytes(gzip.decompress((HERE / "onnx-folded.onnx.gz").read_bytes()))
    quantize_static(source, path, Calibration(), extra_options=extra, **options)
    return path.read_bytes()


def layer_outputs(graph):
    """The tensor of integers that each layer gives, the residual added, in the order of the layers; and its zero point."""
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    users = {name: node for node in reversed(graph.node) for name in node.input}
    found = []
    for node in graph.node:
        is_sum = node.op_type in ("Add", "QLinearAdd")
        if not is_sum and node.op_type not in LAYERS:
            continue
        # The integers are those after the quantisation of the floats, and after an activation function.
        while node.op_type not in ZEROS or has_function_after(users, node):
            node = users[node.output[0]]
        if is_sum:
            found.pop()
        found.append((node.output[0], int(known[node.input[ZEROS[node.op_type]]])))
    return found


def has_function_after(users, node):
    dequantized = users.get(node.output[0])
    after = dequantized and dequantized.op_type == "DequantizeLinear" and users.get(dequantized.output[0])
    return after and after.op_type == "Clip"


def run(content, outputs=()):
    model = onnx.load_from_string(content)
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in outputs)
    options = onnxruntime.SessionOptions()
    # Otherwise signed activations are computed as floats on x86.
    options.add_session_config_entry("session.qdqisint8allowed", "1")
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(["output", *outputs], {"input": pictures()})


def layers(content):
    places = layer_outputs(onnx.load_from_string(content).graph)
    [usual] = run(content)
    whole, *activations = run(content, [name for name, _ in places])
    assert numpy.array_equal(usual, whole)
    found = []
    for (_, zero), activation in zip(places, activations, strict=True):
        values = numpy.moveaxis(activation.astype(numpy.int16) - numpy.int16(zero), 1, -1).reshape(-1)
        digest = hashlib.sha256(values.astype("<i2").tobytes()).hexdigest()[:16]
        found.append({"digest": digest, "first": [int(value) for value in values[:4]]})
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        made = {
            "onnx-symmetric.onnx": quantized(folder, "symmetric.onnx", SYMMETRIC, ActivationSymmetric=True),
            "onnx-unsigned.onnx": quantized(folder, "unsigned.onnx", UNSIGNED),
        }
    for name, content in made.items():
        write_gzipped(name, content)
    files = {name: gzip.decompress((HERE / f"{name}.gz").read_bytes()) for name in ("onnx-qdq.onnx", "onnx-qoperator.onnx")}
    producer = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    write("onnx-integers.json", {"producer": producer, "files": {name: layers(content) for name, content in (files | made).items()}})
