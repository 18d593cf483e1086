"""The minimum that trainHead without validation looks for, as scikit-learn finds it: softmax regression with C = 500 on features of
length 1, about their mean, with the constant 0.3 as one more number; then turned into a layer for the features as they are.

Makes scikit_learn.json beside this script. The committed one was made by scikit-learn 1.9.1 with NumPy 2.4.6:

    pip install scikit-learn numpy && python3 test/goldens/scikit_learn.py
"""

import json
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[2] / "testing" / "python"))
sys.dont_write_bytecode = True

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

from seeded import seeded_values

CONSTANT = 0.3
C = 500
PROBLEMS = {
    "fewer pictures than features": {"sizes": [4, 4, 4], "length": 48, "balanced": False},
    "more pictures than features": {"sizes": [20, 20, 20, 20], "length": 12, "balanced": False},
    "two classes": {"sizes": [6, 6], "length": 20, "balanced": False},
    "unequal classes that count alike": {"sizes": [30, 3, 9], "length": 10, "balanced": True},
}


def examples_of(sizes, length):
    """The examples of `seededExamples` in test/support/seeded-examples.ts."""
    labels = numpy.repeat(numpy.arange(len(sizes)), sizes)
    features = seeded_values("features", len(labels) * length, 0, 1).reshape(-1, length)
    features += numpy.float32(0.5) * (numpy.arange(length) % len(sizes) == labels[:, None])
    return features.astype(numpy.float64), labels


problems = {}
for name, problem in PROBLEMS.items():
    features, labels = examples_of(problem["sizes"], problem["length"])
    counts = numpy.bincount(labels)
    weights = (len(labels) / (len(counts) * counts))[labels] if problem["balanced"] else numpy.ones(len(labels))
    lengths = numpy.linalg.norm(features, axis=1)
    unit = features / lengths[:, None]
    mean = numpy.average(unit, axis=0, weights=weights)
    rows = numpy.hstack([unit - mean, numpy.full((len(labels), 1), CONSTANT)])
    if len(counts) == 2:
        # For two classes LogisticRegression fits one vector d. Softmax's weights are d / 2 and -d / 2: their squares sum to |d|^2 / 2.
        model = LogisticRegression(C=2 * C, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(rows, labels, weights)
        coefficients = numpy.vstack([-model.coef_, model.coef_]) / 2
    else:
        model = LogisticRegression(C=C, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(rows, labels, weights)
        coefficients = model.coef_
    kernel = coefficients[:, :-1]
    problems[name] = {
        **problem,
        "kernel": (kernel.T / numpy.average(lengths, weights=weights)).ravel().tolist(),
        "bias": (CONSTANT * coefficients[:, -1] - kernel @ mean).tolist(),
    }
(here / "scikit_learn.json").write_text(json.dumps({"scikit-learn": sklearn.__version__, "problems": problems}, indent=1) + "\n")
