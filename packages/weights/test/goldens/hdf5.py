"""Makes arrays.h5, arrays-latest.h5 and arrays.json. Needs h5py.

Arrays of several types and layouts, with attributes of texts, in HDF5's older file format and in the newer one.
"""

import h5py
import numpy

from golden_files import HERE, listed, write

BASE = numpy.arange(5 * 7 * 3, dtype=numpy.float32).reshape(5, 7, 3) / 8


def arrays(file, chunked):
    group = file.create_group("layer/inner")
    group.attrs["fixed"] = numpy.array([b"one", b"three"])
    group.attrs["variable"] = ["zwei", "", "vier \u00e4"]
    group.attrs["scalar"] = "\u6587" * 300
    group.attrs["number"] = 7
    made = {
        "float32": BASE,
        "float64": BASE.astype(numpy.float64),
        "float16": BASE.astype(numpy.float16),
        "int8": (BASE * 8 - 50).astype(numpy.int8),
        "uint8": (BASE * 8).astype(numpy.uint8),
        "scalar": numpy.float32(1.5),
        "empty": numpy.zeros((0, 3), numpy.float32),
    }
    for name, values in made.items():
        group.create_dataset(name, data=values)
    if chunked:
        options = {
            "chunks": {},
            "deflate": {"compression": "gzip"},
            "shuffle": {"compression": "gzip", "shuffle": True},
            "checked": {"shuffle": True, "fletcher32": True},
        }
        for name, option in options.items():
            made[name] = BASE
            group.create_dataset(name, data=BASE, chunks=(2, 3, 2), **option)
        many = made["many"] = numpy.arange(700, dtype=numpy.float32)
        group.create_dataset("many", data=many, chunks=(3,))
        lzf = file.create_group("other")
        lzf.create_dataset("lzf", data=BASE, chunks=(2, 3, 2), compression="lzf")
        lzf.create_dataset("big", data=BASE.astype(">f4"))
    return made


if __name__ == "__main__":
    with h5py.File(HERE / "arrays.h5", "w") as file:
        made = arrays(file, chunked=True)
    with h5py.File(HERE / "arrays-latest.h5", "w", libver="latest") as file:
        arrays(file, chunked=False)
    found = {name: {"shape": list(values.shape), "values": listed(numpy.asarray(values))} for name, values in made.items()}
    write("arrays.json", {"producer": f"h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}", "arrays": found})
