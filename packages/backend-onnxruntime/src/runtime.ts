import { createRequire } from 'node:module'
import { explainLoadFailure, explainVersion, type LoadFailure } from './load-failure.js'

/** What this backend uses of onnxruntime-node on the calling thread; sessions are made in workers. */
interface Package {
  readonly env: { readonly versions: { readonly node?: string } }
  listSupportedBackends(): readonly { readonly name: string }[]
}

/** ONNX Runtime as it was loaded. */
export interface Runtime {
  readonly version: string
  /** The file that a worker loads. */
  readonly path: string
  /** The providers that this build knows, `cpu` among them. The libraries of some may still be missing. */
  readonly providers: readonly string[]
}

let loaded: Runtime | LoadFailure | null = null

function load(): Runtime | LoadFailure {
  // By require, because the package is CommonJS, and so that NODE_PATH can say where it is.
  const fromHere = createRequire(import.meta.url)
  try {
    const { env, listSupportedBackends } = fromHere('onnxruntime-node') as Package
    const version = env.versions.node ?? '0'
    const failure = explainVersion(version)
    if (failure !== null) return failure
    return {
      version,
      path: fromHere.resolve('onnxruntime-node'),
      providers: listSupportedBackends().map(({ name }) => name),
    }
  } catch (error) {
    return explainLoadFailure(error)
  }
}

/** ONNX Runtime's package, loaded at the first call; or why it cannot be. */
export function onnxRuntime(): Runtime | LoadFailure {
  loaded ??= load()
  return loaded
}
