"""What the scripts here share: seeded.py of ../python, and how a golden is written down."""

import json
import pathlib
import sys

import numpy

goldens = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(goldens.parent / "python"))
sys.dont_write_bytecode = True


def rounded(logits):
    """float32 values with nine significant digits, which identify a float32 exactly. Refuses logits that would prove nothing."""
    logits = numpy.asarray(logits, dtype=numpy.float32).reshape(-1)
    if not (numpy.isfinite(logits).all() and 0.1 < logits.std() < 10):
        raise SystemExit(f"the logits are dead or exploded: mean {logits.mean()}, deviation {logits.std()}")
    return [float(f"{value:.9g}") for value in logits]


def write(file, script, producer, cases):
    """Writes goldens/<file>: one line a case."""
    lines = ",\n  ".join(json.dumps(case) for case in cases)
    head = f'{{\n "script": {json.dumps(script)},\n "producer": {json.dumps(producer)},\n "cases": [\n  '
    (goldens / file).write_text(f"{head}{lines}\n ]\n}}\n")
