"""What described.mjs wrote into the folder that is the script's argument, for described.py and described_task_library.py."""

import json
import pathlib
import sys

import numpy

FOLDER = pathlib.Path(sys.argv[1])
EXPECTED = json.loads((FOLDER / "expected.json").read_text())
HEIGHT, WIDTH = EXPECTED["size"]
LEVELS = numpy.fromfile(FOLDER / "levels.bin", numpy.uint8).reshape(HEIGHT, WIDTH, 3)


def check(what, got, wanted, tolerance=0):
    """Prints that values are the same, or the largest difference of numbers. Ends the script if it exceeds `tolerance`."""
    if tolerance == 0:
        assert got == wanted, f"{what}: {got}, not {wanted}"
        print(f"{what}: the same")
        return
    difference = float(numpy.max(numpy.abs(numpy.array(got) - numpy.array(wanted)))) / max(map(abs, wanted))
    assert difference <= tolerance, f"{what}: differs by {difference}"
    print(f"{what}: within {difference:.1e}")


def check_categories(tool, categories, scores, tolerance):
    """The answers of a classifier: its labels are those of the file, and its scores those of the plain executors."""
    ordered = sorted(categories, key=lambda category: category.index)
    check(f"{tool}: labels", [category.category_name for category in ordered], EXPECTED["names"])
    check(f"{tool}: scores", [category.score for category in ordered], scores, tolerance)
