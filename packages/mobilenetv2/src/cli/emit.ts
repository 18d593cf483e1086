import { join } from 'node:path'
import { emitKernels } from '@mobilenetv2/backend-wasm/emit'
import { emitResizeModule } from '@mobilenetv2/image/resize-module'
import { type SafetensorsType, toSafetensors } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { kernelTypes } from '../network-files.js'
import { readNetwork } from '../read-network.js'
import { makeFolder, writeFiles } from '../write-files.node.js'
import { print } from './output.js'
import { printable } from './printable.js'
import { startByteProgress } from './progress.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

interface EmitFlags extends ReadingFlags {
  readonly out: string
  readonly relaxed?: boolean
  readonly dtype?: SafetensorsType
}

async function emit(input: string, { out, relaxed, dtype, ...flags }: EmitFlags): Promise<void> {
  const options = await readingOptions(flags)
  const progress = await startByteProgress(input)
  const network = await readNetwork(input, { ...options, onProgress: progress.update }).finally(progress.stop)
  const files = [
    { path: join(out, 'kernels.wasm'), bytes: emitKernels(network.architecture, { relaxed }) },
    { path: join(out, 'resize.wasm'), bytes: emitResizeModule() },
    { path: join(out, 'model.safetensors'), bytes: toSafetensors(network, { dtype }) },
  ]
  makeFolder(out)
  await writeFiles(files)
  for (const { path, bytes } of files) print(`${printable(path)}  ${bytes.length.toLocaleString('en-US')} bytes`)
}

/** `emit`: writes a network and its generated modules, for engines that refuse to compile generated code. */
export function addEmit(program: Command): void {
  const command = program
    .command('emit')
    .description('write a network and its WebAssembly modules, for engines that compile no generated code (Cloudflare Workers)')
    .argument('<in>', 'path or URL of a checkpoint, path of its folder, or a model id')
    .requiredOption('--out <folder>', 'folder to write kernels.wasm, resize.wasm and model.safetensors to')
    .option('--relaxed', 'kernels with relaxed SIMD, which are faster, and which Safari and Node 20 do not run')
  addReadingFlags(command)
    .addOption(new Option('--dtype <type>', 'type of the kernels in model.safetensors (default: F32)').choices(kernelTypes))
    .action(emit)
}
