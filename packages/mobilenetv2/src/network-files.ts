import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Network, type SafetensorsType, toOnnx, toSafetensors, toTfjs, toTflite } from '@mobilenetv2/weights'

/** A file to write. */
export interface OutputFile {
  readonly path: string
  readonly bytes: Uint8Array | string
}

/** The types that a safetensors file can have its kernels in. */
export const kernelTypes: readonly SafetensorsType[] = ['F32', 'F16', 'I8']

/** The name of a path's file without its extension. */
function stemOf(path: string): string {
  return path.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, '')
}

/**
 * The name that shards begin with: that of the JSON, so that two models can lie in one folder. Characters with a meaning in URLs are
 * replaced, such as `:` by `_3a`. The shards of a `model.json` have TensorFlow.js' usual names, so this is undefined then.
 */
function shardsName(path: string): string | undefined {
  const stem = stemOf(path)
  if (stem === '' || stem === 'model') return undefined
  return stem.replace(/[:#?%]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)
}

/** Each format that a network can be written in: the extension that asks for it, and the files that it takes. */
const writers = {
  safetensors: {
    extension: '.safetensors',
    write: (path: string, network: Network, dtype?: SafetensorsType): OutputFile[] => [
      { path, bytes: toSafetensors(network, { dtype }) },
    ],
  },
  onnx: {
    extension: '.onnx',
    write: (path: string, network: Network): OutputFile[] => [{ path, bytes: toOnnx(network) }],
  },
  tflite: {
    extension: '.tflite',
    write: (path: string, network: Network): OutputFile[] => [{ path, bytes: toTflite(network) }],
  },
  tfjs: {
    extension: '.json',
    write: (path: string, network: Network): OutputFile[] => {
      const { modelJson, shards } = toTfjs(network, { name: shardsName(path) })
      const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
      const files = shards.map(({ name, bytes }) => ({ path: `${folder}${name}`, bytes }))
      return [{ path, bytes: JSON.stringify(modelJson) }, ...files]
    },
  },
} as const

/** A format that a network can be written in. */
export type NetworkFormat = keyof typeof writers

export const networkFormats = Object.keys(writers) as readonly NetworkFormat[]

/** The extension that asks for a format. */
export function extensionOf(format: NetworkFormat): string {
  return writers[format].extension
}

/**
 * The format that a path's extension asks for.
 * @throws MobileNetV2Error `OPTION` if no format has the extension
 */
export function formatOfPath(path: string, remedy?: string): NetworkFormat {
  const [, extension = ''] = /(\.[^./\\]*)$/.exec(path) ?? []
  const found = networkFormats.find((name) => writers[name].extension === extension.toLowerCase())
  if (found !== undefined) return found
  throw new MobileNetV2Error('OPTION', 'The format to write is not known.', {
    where: path,
    expected: networkFormats.map((name) => `${writers[name].extension} (${name})`).join(', '),
    got: extension || 'no extension',
    remedy,
  })
}

/**
 * The files of a network in a format. The file that refers to the others comes first.
 * @param path the path of the first file; the others are beside it
 * @param dtype the type of the kernels in a safetensors file; F32 unless given
 */
export function networkFiles(network: Network, path: string, format: NetworkFormat, dtype?: SafetensorsType): OutputFile[] {
  return writers[format].write(path, network, dtype)
}
