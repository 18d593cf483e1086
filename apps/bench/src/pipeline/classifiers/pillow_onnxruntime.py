"""Classifies photos in the usual way of Python: Pillow decodes and resizes, NumPy normalises, ONNX Runtime computes.

argv[1] is the model as JSON. Each line of standard input is a question as JSON; each line of standard output is its answer. {"photo"} is
classified in this process, {"photos", "workers", "warmUp"} in a pool of processes. The first line of output names the versions in use.
"""

import json
import multiprocessing
import sys
import time

MODULES = {"PIL": "pillow", "numpy": "numpy", "onnxruntime": "onnxruntime"}


def missing():
    """The required packages that this interpreter lacks."""
    names = []
    for module, package in MODULES.items():
        try:
            __import__(module)
        except ImportError:
            names.append(package)
    return names


class Classifier:
    def __init__(self, model):
        import numpy
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model["onnx"], options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        self.size = (model["width"], model["height"])
        self.mean = numpy.array(model["mean"], numpy.float32)
        self.deviation = numpy.array(model["deviation"], numpy.float32)

    def __call__(self, path):
        import numpy
        from PIL import Image

        with Image.open(path) as photo:
            levels = numpy.asarray(photo.convert("RGB").resize(self.size, Image.Resampling.BILINEAR), numpy.float32)
        planes = ((levels / 255 - self.mean) / self.deviation).transpose(2, 0, 1)[None]
        (logits,) = self.session.run(None, {self.input: numpy.ascontiguousarray(planes)})
        return int(logits[0].argmax())


def start_worker(model, warm_up, barrier):
    global classify, together
    classify, together = Classifier(model), barrier
    for path in warm_up:
        classify(path)


def classify_one(path):
    return classify(path)


def highest_memory(_=None):
    """The highest resident memory of this process so far, in bytes; None if the operating system does not tell it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def everyone(_):
    """Runs once in each worker, because every call waits until all workers are in it."""
    together.wait()
    return highest_memory()


def classify_at_once(model, photos, workers, warm_up):
    context = multiprocessing.get_context("spawn")
    arguments = (model, photos[:warm_up], context.Barrier(workers))
    with context.Pool(workers, start_worker, arguments) as pool:
        pool.map(everyone, range(workers), chunksize=1)
        start = time.perf_counter()
        for _ in pool.imap_unordered(classify_one, photos, chunksize=4):
            pass
        milliseconds = (time.perf_counter() - start) * 1000
        memory = [*pool.map(everyone, range(workers), chunksize=1), highest_memory()]
    return {"milliseconds": milliseconds, "peakMemoryBytes": None if None in memory else sum(memory)}


def main():
    lacking = missing()
    if lacking:
        print(json.dumps({"error": f"not installed: pip install {' '.join(lacking)}"}), flush=True)
        return
    import onnxruntime
    import PIL

    model = json.loads(sys.argv[1])
    device = f"native cpu, Python {sys.version.split()[0]}, Pillow {PIL.__version__}, onnxruntime {onnxruntime.__version__}"
    print(json.dumps({"device": device}), flush=True)
    one = None
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if "photos" in question:
                answer = classify_at_once(model, question["photos"], question["workers"], question["warmUp"])
            else:
                one = one or Classifier(model)
                start = time.perf_counter()
                index = one(question["photo"])
                answer = {"index": index, "milliseconds": (time.perf_counter() - start) * 1000}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
