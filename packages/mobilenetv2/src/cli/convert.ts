import { stat } from 'node:fs/promises'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { SafetensorsType } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { extensionOf, formatOfPath, kernelTypes, type NetworkFormat, networkFiles, networkFormats } from '../network-files.js'
import { readNetwork } from '../read-network.js'
import { writeFiles } from '../write-files.node.js'
import { print, say } from './output.js'
import { printable } from './printable.js'
import { startByteProgress } from './progress.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

interface ConvertFlags extends ReadingFlags {
  readonly to?: NetworkFormat
  readonly dtype?: SafetensorsType
}

async function convert(input: string, output: string, flags: ConvertFlags): Promise<void> {
  const format = flags.to ?? formatOfPath(output, 'Give OUT one of these extensions, or name the format with --to FORMAT.')
  if (flags.dtype !== undefined && format !== 'safetensors') {
    throw new MobileNetV2Error('OPTION', 'The option dtype is for safetensors files only.', {
      where: 'option dtype',
      got: `${flags.dtype} for ${format}`,
    })
  }
  const options = await readingOptions(flags)
  const progress = await startByteProgress(input)
  const network = await readNetwork(input, { ...options, onProgress: progress.update }).finally(progress.stop)
  const files = networkFiles(network, output, format, flags.dtype)
  await writeFiles(files)
  // If OUT is the standard output, no other text may be mixed into it.
  const tell = (await stat(output)).isFile() ? print : say
  for (const { path, bytes } of files) tell(`${printable(path)}  ${bytes.length.toLocaleString('en-US')} bytes`)
}

/** `convert`: writes a checkpoint in another format. */
export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description('write a checkpoint in another format')
    .argument('<in>', 'path or URL of a checkpoint, path of its folder, or an id that `models` lists')
    .argument('<out>', `path to write: ${networkFormats.map(extensionOf).join(', ')}`)
  addReadingFlags(command)
    .addOption(new Option('--to <format>', 'format, where the extension does not say it').choices(networkFormats))
    .addOption(new Option('--dtype <type>', 'type of the kernels in a safetensors file (default: F32)').choices(kernelTypes))
    .action(convert)
}
