"""Makes pickles.zip, files of every kind of pickle around one tiny module, and pickles.json. Needs PyTorch and NumPy (made with Debian's).

The zip holds: what torch.save makes of a module, of a training's checkpoint and of quantised tensors, in both of its formats and in the
oldest and newest protocols; TorchScript as it is, frozen and for PyTorch Mobile; and what pickle.dump and numpy.save make of tensors and
arrays.
"""

import argparse
import collections
import datetime
import enum
import io
import pathlib
import pickle
import zipfile

import numpy as np
import torch
from torch import nn
from torch.utils.mobile_optimizer import optimize_for_mobile

from golden_files import HERE, listed, write


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 2, 3, bias=False), nn.BatchNorm2d(2), nn.ReLU6())
        self.classifier = nn.Linear(2, 2)
        self.classes = ["cat", "dog"]

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class Color(enum.Enum):
    RED = "red"


class AttributeDict(dict):
    pass


Pair = collections.namedtuple("Pair", "name tensor")


def saved(value, **options):
    content = io.BytesIO()
    torch.save(value, content, **options)
    return content.getvalue()


def scripted(module):
    content = io.BytesIO()
    torch.jit.save(module, content)
    return content.getvalue()


def main():
    torch.manual_seed(1)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.rand(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    net.eval()
    state = net.state_dict()
    arrays = {name: tensor.numpy() for name, tensor in state.items()}
    said = {
        "epoch": 3,
        "args": argparse.Namespace(model="mobilenet_v2", lr=0.1, out=pathlib.PurePosixPath("/runs/1")),
        "hyper_parameters": AttributeDict(classes=["cat", "dog"]),
        "class_to_idx": collections.OrderedDict([("dog", 1), ("cat", 0)]),
        "idx_to_class": {np.int64(0): "cat", 1: "dog"},
        "accuracy": np.float64(0.75),
        "names": np.array(["cat", "d\u00f6g"]),
        "objects": np.array(["x", None], dtype=object),
        "color": Color.RED,
        "when": datetime.datetime(2026, 11, 29),
        "large": 2**70,
        "text": "caf\u00e9 '\\\n",
        "set": {"one"},
        "bytes": b"cat",
        "dtype": torch.float32,
        "size": torch.Size([1, 2]),
    }
    training = {"state_dict": state, "optimizer": optimizer.state_dict(), **said}
    kinds = {
        "contiguous": torch.arange(6.0).reshape(2, 3),
        "transposed": torch.arange(6.0).reshape(2, 3).t(),
        "expanded": torch.ones(2, 1).expand(2, 3),
        "complex": torch.ones(2, dtype=torch.complex64),
        "sparse": torch.eye(2).to_sparse(),
        "meta": torch.empty(2, device="meta"),
        "quantised": torch.quantize_per_tensor(torch.tensor([0.5, -1.0]), 0.5, 1, torch.qint8),
        "channels": torch.quantize_per_channel(torch.ones(2, 2), torch.tensor([0.5, 0.25]).double(), torch.tensor([0, 1]), 0, torch.qint8),
        "pair": Pair("x", torch.ones(1)),
        "fortran": np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)),
        "big": np.arange(3, dtype=">f4"),
    }
    quantised = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)), {nn.Linear})
    files = {
        "quantised.pth": saved(quantised.state_dict()),
        "quantised-module.pth": saved(quantised),
        "module.pth": saved(net),
        "module-legacy.pth": saved(net, _use_new_zipfile_serialization=False),
        "kinds.pth": saved(kinds),
        "module.pkl": pickle.dumps(net, protocol=4),
        "script.pt": scripted(torch.jit.script(net)),
        "frozen.pt": scripted(torch.jit.freeze(torch.jit.script(net))),
        "mobile.ptl": optimize_for_mobile(torch.jit.script(net))._save_to_buffer_for_lite_interpreter(),
    }
    for protocol in (2, 5):
        files[f"training-{protocol}.pth"] = saved(training, pickle_protocol=protocol)
        files[f"training-legacy-{protocol}.pth"] = saved(training, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
        files[f"tensors-{protocol}.pkl"] = pickle.dumps({"state_dict": state, **said}, protocol=protocol)
        files[f"arrays-{protocol}.pkl"] = pickle.dumps({"state_dict": arrays, **said}, protocol=protocol)
    for protocol in (0, 1):
        # Debian's PyTorch pickles no class of these two protocols that has __slots__ above it.
        plain = {name: value for name, value in said.items() if name != "color"}
        files[f"training-{protocol}.pth"] = saved({"state_dict": state, "arrays": arrays, **plain}, pickle_protocol=protocol)
    content = io.BytesIO()
    np.save(content, arrays, allow_pickle=True)
    files["arrays.npy"] = content.getvalue()

    with zipfile.ZipFile(HERE / "pickles.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    write(
        "pickles.json",
        {
            "producer": f"torch {torch.__version__}, numpy {np.__version__}",
            "state": {name: {"shape": list(tensor.shape), "values": listed(tensor.double().numpy())} for name, tensor in state.items()},
        },
    )


if __name__ == "__main__":
    main()
