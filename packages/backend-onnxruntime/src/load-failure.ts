import { nodeCode } from '@mobilenetv2/spec/system-errors'

/** Why ONNX Runtime cannot be used, and what would help. */
export interface LoadFailure {
  readonly kind: 'package' | 'version' | 'binding' | 'library' | 'provider' | 'other'
  readonly reason: string
  readonly remedy: string
}

const packageName = 'onnxruntime-node'

/** Installs the CPU provider from the npm registry only: the package's own script would download CUDA's provider from elsewhere. */
const install = `npm install ${packageName} --ignore-scripts (288 MB on disk, with the CPU provider of each platform)`

const platform = `${process.platform} ${process.arch}`

/** Earlier versions corrupt memory in a worker thread: 1.20 and 1.21 crash in the conformance suite. */
const oldestMinor = 22

/** Why a version of onnxruntime-node cannot be used; null if it can. */
export function explainVersion(version: string): LoadFailure | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 1 ? minor >= oldestMinor : major > 1) return null
  return {
    kind: 'version',
    reason: `${packageName} ${version} crashes in worker threads.`,
    remedy: `Install 1.${oldestMinor} or later: ${install}.`,
  }
}

/** Explains why onnxruntime-node cannot be loaded, from the error that loading it throws. */
export function explainLoadFailure(error: unknown): LoadFailure {
  const message = error instanceof Error ? error.message : String(error)
  const [line = ''] = message.split('\n')
  const code = nodeCode(error)
  if (code === 'MODULE_NOT_FOUND' && message.includes('onnxruntime_binding.node')) {
    return {
      kind: 'binding',
      reason: `${packageName} is installed, but has no native binding for ${platform}.`,
      remedy:
        'Use the backend wasm; or a platform for which the package has a binding: Linux and Windows on x64 and arm64, macOS on arm64.',
    }
  }
  if (code === 'MODULE_NOT_FOUND') {
    return {
      kind: 'package',
      reason: line.includes(`'${packageName}'`)
        ? `The package ${packageName} is not installed.`
        : `A part of the package ${packageName} is missing: ${line}`,
      remedy: install,
    }
  }
  if (code === 'ERR_DLOPEN_FAILED') {
    return {
      kind: 'library',
      reason: `Node ${process.versions.node} on ${platform} cannot load the binding of ${packageName}: ${line}`,
      remedy: `On Linux the binding needs glibc and libstdc++; on Alpine, which has musl, use the backend wasm. If a file is missing: ${install}.`,
    }
  }
  return {
    kind: 'other',
    reason: `${packageName} cannot be loaded: ${line}`,
    remedy: `Read the reason above. To install the package: ${install}.`,
  }
}
