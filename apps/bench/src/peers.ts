import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Folders of the files that libraries fetch by themselves. Each is found through a file that the package exports. */
const folders: Readonly<Record<string, () => string>> = {
  'onnxruntime-web': () => dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
  litert: () => join(dirname(require.resolve('@litertjs/core/package.json')), 'wasm'),
  'tfjs-backend-wasm': () => join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist'),
}

/** The path on disk of a peer's own file, such as `litert/litert_wasm_internal.wasm`; null if there is no such file. */
export function peerFile(name: string): string | null {
  const [folder = '', file = '', ...rest] = name.split('/')
  const find = Object.hasOwn(folders, folder) ? folders[folder] : undefined
  if (find === undefined || rest.length > 0 || !/^\w[\w.-]*$/.test(file)) return null
  const path = join(find(), file)
  return existsSync(path) ? path : null
}
