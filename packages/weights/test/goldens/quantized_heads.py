"""Makes heads-qdq.onnx and heads-qoperator.onnx with the JSON beside them: heads with a hidden layer, quantised by ONNX Runtime, which
leaves out a ReLU if the integers after it cannot be negative.

Needs onnx and onnxruntime. The body is that of onnx-folded.onnx. heads-qdq.onnx has Gemm, heads-qoperator.onnx QLinearMatMul and
QLinearAdd. `floatLogits` are ONNX Runtime's answers before quantisation, so they agree only roughly with a quantised file's.
"""

import gzip
import pathlib
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

from golden_files import HERE, listed, write, write_gzipped
from onnx_integers import SIZE, Calibration, pictures

HIDDEN, CLASSES = 16, 5


def headed(add_dense):
    """onnx-folded.onnx with a hidden layer in place of its classifier."""
    model = onnx.load_model_from_string(gzip.decompress((HERE / "onnx-folded.onnx.gz").read_bytes()))
    graph = model.graph
    classifier = next(node for node in graph.node if node.op_type == "Gemm")
    features = next(tensor for tensor in graph.initializer if tensor.name == classifier.input[1]).dims[1]
    graph.node.remove(classifier)
    for tensor in [tensor for tensor in graph.initializer if tensor.name in classifier.input]:
        graph.initializer.remove(tensor)
    random = numpy.random.default_rng(3)
    for name, source, output, shape in (
        ("hidden", classifier.input[0], "hidden", (features, HIDDEN)),
        ("classifier", "rectified", classifier.output[0], (HIDDEN, CLASSES)),
    ):
        values = {f"{name}.weight": random.normal(0, 0.5, shape), f"{name}.bias": random.normal(0, 0.3, shape[1])}
        graph.initializer.extend(numpy_helper.from_array(value.astype(numpy.float32), key) for key, value in values.items())
        graph.node.extend(add_dense(source, *values, output))
        if name == "hidden":
            graph.node.append(helper.make_node("Relu", ["hidden"], ["rectified"]))
    graph.output[0].type.tensor_type.shape.dim[-1].dim_value = CLASSES
    onnx.checker.check_model(model)
    return model


def gemm(source, weight, bias, output):
    return [helper.make_node("Gemm", [source, weight, bias], [output])]


def matmul(source, weight, bias, output):
    product = f"{output} product"
    return [helper.make_node("MatMul", [source, weight], [product]), helper.make_node("Add", [product, bias], [output])]


if __name__ == "__main__":
    producer = f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}"
    kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8, "per_channel": True}
    for name, quant_format, dense in (("heads-qdq", QuantFormat.QDQ, gemm), ("heads-qoperator", QuantFormat.QOperator, matmul)):
        with tempfile.TemporaryDirectory() as folder:
            source, path = pathlib.Path(folder) / "float.onnx", pathlib.Path(folder) / "quantised.onnx"
            onnx.save(headed(dense), source)
            quantize_static(source, path, Calibration(), quant_format=quant_format, **kinds)
            assert not any(node.op_type == "Relu" for node in onnx.load(path).graph.node)
            answer = onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"]).run(None, {"input": pictures()})[0]
            write_gzipped(f"{name}.onnx", path.read_bytes())
        write(f"{name}.json", {"producer": producer, "size": SIZE, "floatLogits": listed(answer)})
