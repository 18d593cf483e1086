import { writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { type Network, type SafetensorsType, toOnnx, toSafetensors, toTfjs, toTflite } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { readNetwork } from '../read-network.js'
import { startByteProgress } from './progress.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

interface OutputFile {
  readonly path: string
  readonly bytes: Uint8Array | string
}

/** Each format that can be written: the extension that asks for it, and the files that it takes. */
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
      const { modelJson, shards } = toTfjs(network)
      const files = shards.map(({ name, bytes }) => ({ path: join(dirname(path), name), bytes }))
      return [{ path, bytes: JSON.stringify(modelJson) }, ...files]
    },
  },
} as const

type FormatName = keyof typeof writers

const formatNames = Object.keys(writers) as FormatName[]
const dtypes: readonly SafetensorsType[] = ['F32', 'F16', 'I8']

interface ConvertFlags extends ReadingFlags {
  readonly to?: FormatName
  readonly dtype?: SafetensorsType
}

function formatOf(path: string, { to }: ConvertFlags): FormatName {
  const found = to ?? formatNames.find((name) => writers[name].extension === extname(path).toLowerCase())
  if (found !== undefined) return found
  throw new MobileNetV2Error('OPTION', 'The format to write is not known.', {
    where: path,
    expected: formatNames.map((name) => `${writers[name].extension} (${name})`).join(', '),
    got: extname(path) || 'no extension',
    remedy: 'Give OUT one of these extensions, or say --to FORMAT.',
  })
}

async function convert(input: string, output: string, flags: ConvertFlags): Promise<void> {
  const format = formatOf(output, flags)
  if (flags.dtype !== undefined && format !== 'safetensors') {
    throw new MobileNetV2Error('OPTION', 'Only safetensors files are written in other types than F32.', {
      where: 'option dtype',
      got: `${flags.dtype} for ${format}`,
    })
  }
  const options = await readingOptions(flags)
  const progress = await startByteProgress(input)
  const network = await readNetwork(input, { ...options, onProgress: progress.update }).finally(progress.stop)
  const files = writers[format].write(output, network, flags.dtype)
  for (const { path, bytes } of files) {
    await writeFile(path, bytes).catch((cause: unknown) => {
      throw new MobileNetV2Error('SOURCE', 'A file cannot be written.', {
        where: path,
        got: messageOf(cause),
        cause,
      })
    })
    console.log(`${path}  ${bytes.length.toLocaleString('en-US')} bytes`)
  }
}

/** `convert`: writes a checkpoint in another format. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description('write a checkpoint in another format')
    .argument('<in>', 'path or URL of a checkpoint, path of its folder, or a model id')
    .argument('<out>', `path to write: ${formatNames.map((name) => writers[name].extension).join(', ')}`)
  addReadingFlags(command)
    .addOption(new Option('--to <format>', 'format, where the extension does not say it').choices(formatNames))
    .addOption(new Option('--dtype <type>', 'type of the kernels in a safetensors file (default: F32)').choices(dtypes))
    .action(convert)
}
