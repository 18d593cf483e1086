import { nodeCode } from '@mobilenetv2/spec/system-errors'

/** Why TensorFlow's native binding cannot be used, and what would help. */
export interface LoadFailure {
  readonly kind: 'package' | 'binding' | 'tensorflow' | 'cuda' | 'node' | 'other'
  readonly reason: string
  readonly remedy: string
}

const packageName = '@tensorflow/tfjs-node-gpu'

/** The file names of the libraries of CUDA and cuDNN. */
const cudaLibraries = /\blib(cuda|cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn|nccl|nvinfer)[\w.]*\.so[\w.]*/

/** Explains why TensorFlow's binding cannot be loaded, from the error that importing it throws. */
export function explainLoadFailure(error: unknown): LoadFailure {
  const message = error instanceof Error ? error.message : String(error)
  const code = nodeCode(error)
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return {
      kind: 'package',
      reason: message.includes(packageName)
        ? `The package ${packageName} is not installed.`
        : `A part of the package ${packageName} is missing: ${message.split('\n')[0]}`,
      remedy: `npm install ${packageName}. If its install script cannot download libtensorflow, npm leaves out the package silently: run npm install --foreground-scripts to see the script's output.`,
    }
  }
  if (message.includes('native addon module')) {
    return {
      kind: 'binding',
      reason: `${packageName} is installed, but its native binding (tfjs_binding.node) is missing.`,
      remedy: `npm rebuild ${packageName} --build-addon-from-source, which needs a C++ compiler and Python; or install it again on a machine that may download.`,
    }
  }
  const library = cudaLibraries.exec(message)?.[0]
  if (code === 'ERR_DLOPEN_FAILED' && library !== undefined) {
    return {
      kind: 'cuda',
      reason: `${library}, a library of CUDA or cuDNN, is missing.`,
      remedy: 'Install CUDA 11.2 and cuDNN 8.1, which the published binding needs, and add their folders to LD_LIBRARY_PATH.',
    }
  }
  if (code === 'ERR_DLOPEN_FAILED' && message.includes('libtensorflow')) {
    return {
      kind: 'tensorflow',
      reason: `The binding does not find libtensorflow: ${message.split('\n')[0]}`,
      remedy: `Install ${packageName} again, so that it downloads libtensorflow; or add the folder of the library to LD_LIBRARY_PATH.`,
    }
  }
  if (code === 'ERR_DLOPEN_FAILED') {
    return {
      kind: 'node',
      reason: `Node ${process.versions.node} on ${process.platform} ${process.arch} cannot load the binding: ${message.split('\n')[0]}`,
      remedy: `npm rebuild ${packageName} --build-addon-from-source, with this version of Node.`,
    }
  }
  return {
    kind: 'other',
    reason: `${packageName} cannot be loaded: ${message.split('\n')[0]}`,
    remedy: 'Read the reason above. Run npm ls @tensorflow/tfjs-core to see whether different versions of TensorFlow.js are mixed.',
  }
}
