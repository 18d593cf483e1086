"""The values of src/seeded.ts, bit for bit, for the scripts that make goldens. Needs NumPy.

`python3 python/seeded.py > goldens/seeded.json` makes the golden with which test/seeded.test.ts compares src/seeded.ts.
"""

import json

import numpy

INDEX_STEP = 0x9E3779B1
MASK = 0xFFFFFFFF
LEVELS = ((32, 150), (8, 60), (1, 45))


def finalise(bits):
    """Mixes the 32 bits of each uint32 (the finaliser of MurmurHash3)."""
    bits = (bits ^ (bits >> numpy.uint32(16))) * numpy.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> numpy.uint32(13))) * numpy.uint32(0xC2B2AE35)
    return bits ^ (bits >> numpy.uint32(16))


def hash_name(name, seed):
    """32-bit FNV-1a of a name's UTF-8 bytes, with the seed mixed in; as an array of one uint32."""
    hashed = 0x811C9DC5
    for byte in name.encode("utf-8"):
        hashed = (hashed ^ byte) * 0x01000193 & MASK
    return finalise(numpy.array([hashed ^ (seed * INDEX_STEP & MASK)], dtype=numpy.uint32))


def seeded_values(name, length, low, high, seed=0):
    """`length` float32 values, uniform from low to high."""
    index = numpy.arange(length, dtype=numpy.uint32)
    bits = finalise(hash_name(name, seed) + index * numpy.uint32(INDEX_STEP))
    u = (bits >> numpy.uint32(8)).astype(numpy.float64) / 2.0**24
    return (low + (high - low) * u).astype(numpy.float32)


def kernel_bound(fan_in, activation):
    """The bound of a kernel's values: ReLU6 halves the variance that it is given, linear does not."""
    return float(numpy.sqrt((6 if activation == "relu6" else 3) / fan_in))


def seeded_layer(layer, kernel_shape, outputs, activation, seed=0):
    """Kernel (in the layout of `Parameters`) and bias of one layer of `seededParameters`."""
    length = int(numpy.prod(kernel_shape))
    bound = kernel_bound(length / outputs, activation)
    kernel = seeded_values(f"{layer}.kernel", length, -bound, bound, seed).reshape(kernel_shape)
    return kernel, seeded_values(f"{layer}.bias", outputs, -0.1, 0.3, seed)


def seeded_input(batch, height, width, seed=0):
    """The input [batch, height, width, 3] of `seededInput`."""
    return seeded_values("input", batch * height * width * 3, -1, 1, seed).reshape(batch, height, width, 3)


def seeded_levels(batch, size, seed=0):
    """The pictures [batch, size, size, 3] of `seededLevels`, whole levels from 0 to 254 in float32."""
    total = numpy.zeros((batch, size, size, 3))
    for block, high in LEVELS:
        side = -(-size // block)
        values = seeded_values(f"levels.{block}", batch * side * side * 3, 0, high, seed).reshape(batch, side, side, 3)
        total += values.repeat(block, 1).repeat(block, 2)[:, :size, :size]
    return numpy.floor(total).astype(numpy.float32)


def seeded_state_dict_tensor(name, shape, seed=0):
    """One tensor of `seededStateDict`, PyTorch's names and layouts: convolutions [out, in / groups, kh, kw], linear [out, in]."""
    length = int(numpy.prod(shape))
    if name.endswith(".running_mean"):
        low, high = -0.2, 0.2
    elif name.endswith(".running_var"):
        low, high = 0.5, 1.5
    elif name.endswith(".bias"):
        low, high = -0.2, 0.5
    elif len(shape) == 1:
        low, high = 0.8, 1.2
    else:
        projects = len(shape) == 2 or shape[0] < shape[1]
        high = kernel_bound(length / shape[0], "linear" if projects else "relu6")
        low = -high
    return seeded_values(name, length, low, high, seed).reshape(shape)


def golden():
    cases = [
        ("input", 8, -1, 1, 0),
        ("stem.kernel", 8, -0.47140452079103168, 0.47140452079103168, 0),
        ("stem.kernel", 4, -0.47140452079103168, 0.47140452079103168, 1),
        ("가중치", 4, 0.5, 1.5, 4294967295),
        ("block17.project.bias", 4, -0.1, 0.3, -7),
    ]
    tensors = [
        ("features.2.conv.0.0.weight", (6, 2, 1, 1), 0),
        ("features.2.conv.1.0.weight", (2, 1, 3, 3), 0),
        ("features.2.conv.2.weight", (2, 3, 1, 1), 0),
        ("features.2.conv.3.weight", (4,), 0),
        ("features.2.conv.3.bias", (4,), 0),
        ("features.2.conv.3.running_mean", (4,), 0),
        ("features.2.conv.3.running_var", (4,), 5),
        ("classifier.1.weight", (2, 3), 0),
    ]
    return {
        "values": [
            {"name": name, "low": low, "high": high, "seed": seed, "values": listed(seeded_values(name, length, low, high, seed))}
            for name, length, low, high, seed in cases
        ],
        "stateDict": [
            {"name": name, "shape": shape, "seed": seed, "values": listed(seeded_state_dict_tensor(name, shape, seed))}
            for name, shape, seed in tensors
        ],
        "levels": [{"batch": 2, "size": 40, "seed": 3, "rows": 7, "columns": 5, "values": listed(seeded_levels(2, 40, 3)[:, ::7, ::5])}],
    }


def listed(values):
    return [float(value) for value in values.reshape(-1)]


if __name__ == "__main__":
    print(json.dumps(golden(), ensure_ascii=False))
