"""Asks the tools of each format what the files of described.mjs say. `python3 described.py FOLDER`, after `node described.mjs FOLDER`.

Needs onnx, onnxruntime, ai-edge-litert and mediapipe. MediaPipe's image classifier takes the picture itself, and prepares it by the
normalisation in the metadata, which it takes only if it is the same for all three channels.
"""

import importlib.metadata
import json

import mediapipe
import numpy
import onnx
import onnxruntime
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import ImageClassifier, ImageClassifierOptions

from described_files import EXPECTED, FOLDER, HEIGHT, LEVELS, WIDTH, check, check_categories

PIXELS = numpy.fromfile(FOLDER / "input.bin", numpy.float32).reshape(1, HEIGHT, WIDTH, 3)


def check_onnx():
    path = str(FOLDER / "described.onnx")
    onnx.checker.check_model(path, full_check=True)
    metadata = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    check("onnx: names", json.loads(metadata["names"]), EXPECTED["names"])
    check("onnx: labels of the description", json.loads(metadata["mobilenetv2"])["labels"], EXPECTED["names"])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    check("ONNX Runtime: metadata", session.get_modelmeta().custom_metadata_map, metadata)
    (logits,) = session.run(None, {"input": PIXELS.transpose(0, 3, 1, 2)})
    check("ONNX Runtime: logits", logits[0].tolist(), EXPECTED["logits"], 1e-4)


def check_description(name):
    model = schema.ModelT.InitFromPackedBuf((FOLDER / name).read_bytes(), 0)
    (entry,) = [entry for entry in model.metadata if entry.name.decode() == "mobilenetv2"]
    description = json.loads(bytes(bytearray(model.buffers[entry.buffer].data)))
    check(f"{name}: labels of the description", description["labels"], EXPECTED["names"])


def run(name, picture):
    interpreter = Interpreter(str(FOLDER / name))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0]


def classify(name):
    options = ImageClassifierOptions(BaseOptions(model_asset_path=str(FOLDER / name)), max_results=-1)
    with ImageClassifier.create_from_options(options) as classifier:
        answer = classifier.classify(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=LEVELS))
    return answer.classifications[0].categories


def check_float():
    check_description("described.tflite")
    check("LiteRT: logits", run("described.tflite", PIXELS).tolist(), EXPECTED["logits"], 1e-4)
    try:
        classify("described.tflite")
    except NotImplementedError as error:
        print(f"MediaPipe, of channels that are normalised by themselves: {error}")
    check_description("described-alike.tflite")
    check_categories("MediaPipe", classify("described-alike.tflite"), EXPECTED["logitsAlike"], 1e-4)


def check_int8():
    check_description("described-int8.tflite")
    answers = (run("described-int8.tflite", LEVELS[None]) / 256).tolist()
    check_categories("MediaPipe, int8", classify("described-int8.tflite"), answers, 1e-6)
    exponents = numpy.exp(EXPECTED["logitsAlike"])
    check("LiteRT, int8: the probabilities of floats", answers, (exponents / exponents.sum()).tolist(), 0.1)


for package in ("onnx", "onnxruntime", "ai-edge-litert", "mediapipe"):
    print(package, importlib.metadata.version(package))
check_onnx()
check_float()
check_int8()
