"""What scikit-learn's LogisticRegression reaches on the splits that teaching-accuracy.mjs wrote: its defaults, but for the number of
iterations, which is enough to converge. Prints JSON, or null if scikit-learn is not installed."""

import json
import pathlib
import sys

try:
    import numpy
    import sklearn
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, balanced_accuracy_score
except ImportError:
    print("null")
    sys.exit()

folder = pathlib.Path(sys.argv[1])
task = json.loads((folder / "runs.json").read_text())
features = numpy.fromfile(folder / "features.f32", dtype=numpy.float32).reshape(-1, task["length"]).astype(numpy.float64)

scores = []
for run in task["runs"]:
    own = []
    for split in run["splits"]:
        pictures, labels = ([example[key] for example in split["training"]] for key in ("picture", "label"))
        model = LogisticRegression(max_iter=10_000, class_weight="balanced" if run["balanced"] else None)
        model.fit(features[pictures], labels)
        expected = [example["label"] for example in split["test"]]
        answers = model.predict(features[[example["picture"] for example in split["test"]]])
        own.append(
            {
                "accuracy": accuracy_score(expected, answers),
                "balanced": balanced_accuracy_score(expected, answers),
            }
        )
    scores.append(own)
print(json.dumps({"version": sklearn.__version__, "scores": scores}))
