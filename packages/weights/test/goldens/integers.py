"""Makes integers.json and unsigned.tflite: what LiteRT computes in each layer of quantised models. Needs ai-edge-litert.

`python3 integers.py FOLDER`: FOLDER holds the published models that are named below.

LiteRT runs a quantised graph with XNNPACK unless it is told otherwise, and fuses the graph into one delegate. With
`experimental_preserve_all_tensors` each operator is a delegate of its own, whose output can be read. This script checks that XNNPACK
runs in both ways, and that the last outputs are the same, so that the layers are those of the usual run.

An activation is summarised by its first values, and by the first 16 digits of the SHA-256 of its integers less their zero point, as
int16. The input is seeded: levels as integers, or, if the file takes floats, floats that the first operator turns into integers.

unsigned.tflite is rescaled-int8.tflite with integers without a sign: kernels of one scale whose zero point is not 0, as no converter of
today writes. Its numbers mean nothing.

`variants` are small files with other scales and zero points, by rules that support/varied-tflite.ts follows too, from what `places` says:
scales of few bits, so that many sums are halves, and scales of any bits.
"""

import gzip
import hashlib
import importlib.metadata
import pathlib
import sys

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from golden_files import HERE, seeded_levels, seeded_values, write, write_gzipped

SMALL = (
    "int8.tflite",
    "v1-int8.tflite",
    "rescaled-int8.tflite",
    "edge-impulse-int8.tflite",
    "unsigned.tflite",
    # Made by quantized.mjs.
    "quantized.tflite",
    "quantized-floats.tflite",
)
PUBLISHED = (
    "mobilenet_v1_0.25_128_quant.tflite",
    "mobilenet_v1_0.75_192_quant.tflite",
    "mobilenet_v2_1.0_224_inat_bird_quant.tflite",
    "mobilenet_v2_1.0_224_quant.tflite",
    "tf2_mobilenet_v2_1.0_224_ptq.tflite",
)
VARIED = ("int8.tflite", "unsigned.tflite")
VARIANTS = 12
# Which bits of a scale are kept: 1, 2 or 3 of its leading ones, or all.
MASKS = (0xFF800000, 0xFFC00000, 0xFFE00000, 0xFFFFFFFF)
LAYERS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "MEAN", "AVERAGE_POOL_2D")
CODES = {number: name for name, number in vars(schema.BuiltinOperator).items() if isinstance(number, int)}


def small(name):
    return gzip.decompress((HERE / f"{name}.gz").read_bytes())


def layer_outputs(content):
    """The tensor that each layer gives, the residual added, in the order of the layers."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    found = []
    for operator in model.subgraphs[0].operators:
        code = model.operatorCodes[operator.opcodeIndex]
        name = CODES[max(code.builtinCode, code.deprecatedBuiltinCode)]
        if name == "ADD":
            found.pop()
        if name == "ADD" or name in LAYERS:
            found.append(int(operator.outputs[0]))
    return found


def seeded_picture(made):
    """An input. Floats are half integers times the scale that the first operator rounds them to, some of them out of its bounds."""
    [detail] = made.get_input_details()
    size = int(detail["shape"][1])
    if detail["dtype"] == numpy.float32:
        first = made.get_tensor_details()[made._get_ops_details()[0]["outputs"][0]]
        halves = numpy.round(seeded_values("picture", size * size * 3, -300, 300).astype(numpy.float64) * 2) / 2
        return (halves * float(first["quantization"][0])).astype(numpy.float32).reshape(detail["shape"])
    offset = {numpy.uint8: 0, numpy.int8: 128}[detail["dtype"]]
    return (seeded_levels(1, size) - offset).astype(detail["dtype"])


def run(content, picture, **options):
    made = Interpreter(model_content=content, num_threads=1, **options)
    made.allocate_tensors()
    made.set_tensor(made.get_input_details()[0]["index"], picture)
    made.invoke()
    return made


def has_xnnpack(made):
    return any("delegate" in operator["op_name"].lower() for operator in made._get_ops_details())


def layers(content):
    without = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    picture = seeded_picture(Interpreter(model_content=content, experimental_op_resolver_type=without))
    usual = run(content, picture)
    whole = run(content, picture, experimental_preserve_all_tensors=True)
    plain = run(content, picture, experimental_op_resolver_type=without)
    assert has_xnnpack(usual) and has_xnnpack(whole) and not has_xnnpack(plain)
    [given] = usual.get_output_details()
    assert numpy.array_equal(usual.get_tensor(given["index"]), whole.get_tensor(given["index"]))
    details = {detail["index"]: detail for detail in whole.get_tensor_details()}
    found = []
    for index in layer_outputs(content):
        _, zero = details[index]["quantization"]
        values = (whole.get_tensor(index).astype(numpy.int16) - numpy.int16(zero)).reshape(-1)
        digest = hashlib.sha256(values.astype("<i2").tobytes()).hexdigest()[:16]
        found.append({"digest": digest, "first": [int(value) for value in values[:4]]})
    return found


def unsigned(content):
    """The same graph with uint8 in place of int8, and one scale and zero point a kernel."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    [graph] = model.subgraphs
    for index, tensor in enumerate(graph.tensors):
        quantization = tensor.quantization
        if quantization is None or quantization.scale is None:
            continue
        constant = model.buffers[tensor.buffer].data is not None
        if constant:
            quantization.scale = quantization.scale[:1]
            quantization.zeroPoint = quantization.zeroPoint[:1]
            quantization.quantizedDimension = 0
        if tensor.type != schema.TensorType.INT8:
            continue
        tensor.type = schema.TensorType.UINT8
        quantization.zeroPoint = quantization.zeroPoint + 128
        if constant:
            buffer = model.buffers[tensor.buffer]
            buffer.data = numpy.asarray(buffer.data, numpy.uint8) ^ numpy.uint8(0x80)
            quantization.zeroPoint = numpy.array([100 + 7 * index % 60], numpy.int64)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def places(content):
    """Where the scales and zero points of kernels and activations stand: the offset of each vector's first element, and their count."""
    graph = schema.Model.GetRootAs(content, 0).Subgraphs(0)
    last = graph.Outputs(0)
    model = schema.Model.GetRootAs(content, 0)
    found = []
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        quantization = tensor.Quantization()
        if tensor.Type() not in (schema.TensorType.INT8, schema.TensorType.UINT8) or quantization is None or index == last:
            continue
        # The softmax's own output has a scale that LiteRT insists on.
        if quantization.Scale(0) == 1 / 256:
            continue
        table = quantization._tab
        scales, zeros = (table.Vector(table.Offset(offset)) for offset in (8, 10))
        constant = model.Buffers(tensor.Buffer()).DataLength() > 0
        found.append({"scales": int(scales), "count": int(quantization.ScaleLength()), "zeros": int(zeros), "constant": constant})
    return found


def varied(content, found, seed):
    """A file with other scales and zero points. support/varied-tflite.ts does the same."""
    data = numpy.frombuffer(content, numpy.uint8).copy()
    mask = numpy.uint32(MASKS[seed % len(MASKS)])
    moves = seeded_values("moves", 2 * len(found), -1, 1, seed)
    for place, (move, shift) in zip(found, moves.reshape(-1, 2).tolist(), strict=True):
        scales = data[place["scales"] : place["scales"] + 4 * place["count"]].view(numpy.uint32)
        scales[:] = (scales + numpy.int32(int(numpy.floor(move * 2**22)))).astype(numpy.uint32) & mask
        if not place["constant"]:
            zeros = data[place["zeros"] : place["zeros"] + 8].view(numpy.int64)
            low = 0 if place["unsigned"] else -128
            zeros[0] = min(max(int(zeros[0]) + int(numpy.floor(shift * 24)), low), low + 255)
    return data.tobytes()


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    write_gzipped("unsigned.tflite", unsigned(small("rescaled-int8.tflite")))
    files = {name: layers(small(name)) for name in SMALL}
    files |= {name: layers((folder / name).read_bytes()) for name in PUBLISHED}
    variants = {}
    for name in VARIED:
        content = small(name)
        found = [{**place, "unsigned": name == "unsigned.tflite"} for place in places(content)]
        variants[name] = {"places": found, "layers": [layers(varied(content, found, seed)) for seed in range(VARIANTS)]}
    producer = f"ai-edge-litert {importlib.metadata.version('ai-edge-litert')}"
    write("integers.json", {"producer": producer, "files": files, "variants": variants})
