"""Where the scripts beside this one find the seeded values of packages/testing, and how they write what they made."""

import gzip
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "testing" / "python"))

from seeded import seeded_input, seeded_levels, seeded_state_dict_tensor, seeded_values  # noqa: E402, F401


def listed(values):
    return [float(value) for value in values.reshape(-1)]


def write(name, content):
    (HERE / name).write_text(json.dumps(content) + "\n")


def write_gzipped(name, content):
    (HERE / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
