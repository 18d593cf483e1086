import { createRequire } from 'node:module'
import { explainLoadFailure, explainVersion, type LoadFailure } from './load-failure.js'

/** The members of onnxruntime-node that are used on the calling thread. Sessions are opened in workers. */
interface Package {
  readonly env: { readonly versions: { readonly node?: string } }
  listSupportedBackends(): readonly { readonly name: string }[]
}

/** ONNX Runtime's package, which is loaded. */
export interface Runtime {
  readonly version: string
  /** The file that a worker loads. */
  readonly path: string
  /** The providers that this build knows, including `cpu`. The libraries of some may still be missing. */
  readonly providers: readonly string[]
}

let loaded: Runtime | LoadFailure | null = null

function load(): Runtime | LoadFailure {
  // `require` finds packages in NODE_PATH too, and `import` does not. The package is CommonJS.
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

/** ONNX Runtime's package, which is loaded at the first call; or the reason why it cannot be loaded. */
export function onnxRuntime(): Runtime | LoadFailure {
  loaded ??= load()
  return loaded
}
