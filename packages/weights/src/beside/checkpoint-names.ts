const checkpointName = /\.(safetensors|pth|pth\.tar|pt|ptl|ckpt|onnx|ort|tflite|lite|h5|hdf5|keras|npz|npy|pkl|pickle|pb)$/i

/** Names of files that training or converting writes beside a checkpoint. */
const companion = /^(keras_metadata\.pb|fingerprint\.pb|optimizer\.pt|scheduler\.pt|scaler\.pt|rng_state.*\.pth)$/i

/** A path without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a name has the extension of a checkpoint, and is not one that training or converting writes beside it. */
export function isCheckpointName(path: string): boolean {
  const name = baseName(path)
  return checkpointName.test(name) && !companion.test(name)
}
