import { writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { type Architecture, defineMobileNetV2, MobileNetV2Error, type Parameters } from '@mobilenetv2/spec'
import {
  type ModelDescription,
  type SafetensorsType,
  toOnnx,
  toParameters,
  toSafetensors,
  toTfjs,
  toTflite,
} from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { openModel } from '../model-source.js'

/** A model that is to be written, and how. */
interface Writing {
  readonly architecture: Architecture
  readonly parameters: Parameters
  readonly description: ModelDescription
  readonly dtype: SafetensorsType
}

interface OutputFile {
  readonly path: string
  readonly bytes: Uint8Array | string
}

/** Each format that can be written: the extension that asks for it, and the files that it takes. */
const writers = {
  safetensors: {
    extension: '.safetensors',
    write: (path: string, { description, parameters, dtype }: Writing): OutputFile[] => [
      { path, bytes: toSafetensors(parameters, description, { dtype }) },
    ],
  },
  onnx: {
    extension: '.onnx',
    write: (path: string, { architecture, parameters }: Writing): OutputFile[] => [
      { path, bytes: toOnnx(architecture, parameters) },
    ],
  },
  tflite: {
    extension: '.tflite',
    write: (path: string, { architecture, parameters }: Writing): OutputFile[] => [
      { path, bytes: toTflite(architecture, parameters) },
    ],
  },
  tfjs: {
    extension: '.json',
    write: (path: string, { architecture, parameters }: Writing): OutputFile[] => {
      const { modelJson, shards } = toTfjs(architecture, parameters)
      const files = shards.map(({ name, bytes }) => ({ path: join(dirname(path), name), bytes }))
      return [{ path, bytes: JSON.stringify(modelJson) }, ...files]
    },
  },
} as const

type FormatName = keyof typeof writers

const formatNames = Object.keys(writers) as FormatName[]
const dtypes: readonly SafetensorsType[] = ['F32', 'F16', 'I8']

interface ConvertFlags {
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
  const { checkpoint, inferred, labels } = await openModel(input)
  const description =
    labels === null || inferred.labels !== undefined || inferred.backgroundClass !== null ? inferred : { ...inferred, labels }
  const architecture = defineMobileNetV2(inferred.options)
  const parameters = toParameters(checkpoint, architecture)
  const files = writers[format].write(output, { architecture, parameters, description, dtype: flags.dtype ?? 'F32' })
  for (const { path, bytes } of files) {
    await writeFile(path, bytes).catch((cause: unknown) => {
      throw new MobileNetV2Error('SOURCE', 'A file cannot be written.', {
        where: path,
        got: cause instanceof Error ? cause.message : String(cause),
        cause,
      })
    })
    console.log(`${path}  ${bytes.length.toLocaleString('en-US')} bytes`)
  }
}

/** `convert`: any checkpoint as another. */
export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('write a checkpoint in another format')
    .argument('<in>', 'path or URL of a checkpoint, or a model id')
    .argument('<out>', `path to write: ${formatNames.map((name) => writers[name].extension).join(', ')}`)
    .addOption(new Option('--to <format>', 'format, where the extension does not say it').choices(formatNames))
    .addOption(new Option('--dtype <type>', 'type of the kernels in a safetensors file (default: F32)').choices(dtypes))
    .action(convert)
}
