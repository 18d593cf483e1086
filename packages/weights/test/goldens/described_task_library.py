"""Asks TensorFlow Lite's own tools what the files of described.mjs say. `python3 described_task_library.py FOLDER`, after
`node described.mjs FOLDER`.

Needs tflite-support, whose versions of other packages are not those of described.py. Its displayer reads the metadata, and its image
classifier takes the picture itself and prepares it by them. Its runtime is too old for int8: dense layers have a scale for each channel.
"""

import importlib.metadata
import json

from tflite_support import metadata
from tflite_support.task import core, processor, vision

from described_files import EXPECTED, FOLDER, LEVELS, check, check_categories


def check_metadata(name, mean, deviation):
    displayer = metadata.MetadataDisplayer.with_model_file(str(FOLDER / name))
    (graph,) = json.loads(displayer.get_metadata_json())["subgraph_metadata"]
    (unit,) = graph["input_tensor_metadata"][0]["process_units"]
    check(f"{name}: mean", unit["options"]["mean"], mean, 1e-6)
    check(f"{name}: deviation", unit["options"]["std"], deviation, 1e-6)
    (file,) = graph["output_tensor_metadata"][0]["associated_files"]
    labels = displayer.get_associated_file_buffer(file["name"]).decode().splitlines()
    check(f"{name}: {file['name']}, {file['type']}", labels, EXPECTED["names"])


def check_classifier(name, logits):
    options = vision.ImageClassifierOptions(
        core.BaseOptions(file_name=str(FOLDER / name)),
        processor.ClassificationOptions(max_results=-1, score_threshold=-1e9),
    )
    classifier = vision.ImageClassifier.create_from_options(options)
    answer = classifier.classify(vision.TensorImage.create_from_array(LEVELS))
    check_categories(f"Task Library, {name}", answer.classifications[0].categories, logits, 1e-4)


print("tflite-support", importlib.metadata.version("tflite-support"))
check_metadata("described.tflite", EXPECTED["mean"], EXPECTED["deviation"])
check_classifier("described.tflite", EXPECTED["logits"])
check_metadata("described-alike.tflite", EXPECTED["meanAlike"], EXPECTED["deviationAlike"])
check_classifier("described-alike.tflite", EXPECTED["logitsAlike"])
check_metadata("described-int8.tflite", EXPECTED["meanAlike"], EXPECTED["deviationAlike"])
