import { nodeCode } from '@mobilenetv2/spec/system-errors'

/** Why the native binding cannot be used, and what would help. */
export interface LoadFailure {
  readonly kind: 'package' | 'binding' | 'tensorflow' | 'cuda' | 'node' | 'other'
  readonly reason: string
  readonly remedy: string
}

const packageName = '@tensorflow/tfjs-node-gpu'

/** Libraries of CUDA and cuDNN, by the start of their file names. */
const cudaLibraries = /\blib(cuda|cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn|nccl|nvinfer)[\w.]*\.so[\w.]*/

/** Tells apart what stands in the way of TensorFlow's binding, by the error that importing it throws. */
export function explainLoadFailure(error: unknown): LoadFailure {
  const message = error instanceof Error ? error.message : String(error)
  const code = nodeCode(error)
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return {
      kind: 'package',
      reason: message.includes(packageName)
        ? `The package ${packageName} is not installed.`
        : `The package ${packageName} misses a part: ${message.split('\n')[0]}`,
      remedy: `npm install ${packageName}. npm leaves it out without a word where its download of libtensorflow fails: then read what its install script says.`,
    }
  }
  if (message.includes('native addon module')) {
    return {
      kind: 'binding',
      reason: `${packageName} is installed, but its native binding (tfjs_binding.node) is not there.`,
      remedy: `npm rebuild ${packageName} --build-addon-from-source, which needs a C++ compiler and Python; or install it again where downloads are allowed.`,
    }
  }
  const library = cudaLibraries.exec(message)?.[0]
  if (code === 'ERR_DLOPEN_FAILED' && library !== undefined) {
    return {
      kind: 'cuda',
      reason: `${library}, a library of CUDA or cuDNN, is missing.`,
      remedy: 'Install CUDA 11.2 and cuDNN 8.1, which the stock binding asks for, and put their folders into LD_LIBRARY_PATH.',
    }
  }
  if (code === 'ERR_DLOPEN_FAILED' && message.includes('libtensorflow')) {
    return {
      kind: 'tensorflow',
      reason: `The binding does not find libtensorflow: ${message.split('\n')[0]}`,
      remedy: `Install ${packageName} again, so that it downloads libtensorflow; or put the folder of the library into LD_LIBRARY_PATH.`,
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
    remedy: 'The cause is in the error; npm ls @tensorflow/tfjs-core tells whether versions of TensorFlow.js are mixed.',
  }
}
