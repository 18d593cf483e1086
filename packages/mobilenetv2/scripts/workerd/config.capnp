using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "expected.json", json = embed "expected.json"),
    (name = "kernels.wasm", wasm = embed "kernels.wasm"),
    (name = "resize.wasm", wasm = embed "resize.wasm"),
    (name = "model.safetensors", data = embed "model.safetensors"),
    (name = "photo.jpg", data = embed "photo.jpg"),
  ],
);
