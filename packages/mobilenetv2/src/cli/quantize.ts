import { extname } from 'node:path'
import { foldedParameterCount, MobileNetV2Error } from '@mobilenetv2/spec'
import { type Network, toTflite } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { agreements } from '../agreement.js'
import type { PictureSource } from '../picture-source.js'
import { quantize } from '../quantize.js'
import { readStandardInput } from '../read-file.node.js'
import { readNetwork } from '../read-network.js'
import { writeFiles } from '../write-files.node.js'
import { errorText } from './error-text.js'
import { parseNumber } from './option-parsers.js'
import { print } from './output.js'
import { pictureFiles, picturesArgument } from './picture-files.js'
import { printable } from './printable.js'
import { startByteProgress, startProgress, startWorkProgress } from './progress.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

const extension = '.tflite'

interface QuantizeFlags extends ReadingFlags {
  readonly out: string
  readonly threads?: number
}

function checkOut(path: string): void {
  const found = extname(path)
  if (found.toLowerCase() === extension) return
  throw new MobileNetV2Error('OPTION', 'A quantised network can be written as a TensorFlow Lite file only.', {
    where: path,
    expected: `a name that ends in ${extension}`,
    got: found || 'no extension',
  })
}

/** What a command works on. `unreadable` are the pictures that were reported because they cannot be read. */
interface Work {
  readonly network: Network
  readonly pictures: readonly PictureSource[]
  readonly unreadable: Set<PictureSource>
  readonly threads: number | undefined
}

async function quantizeReadable({ network, pictures, unreadable, threads }: Work): Promise<Network> {
  const progress = await startWorkProgress('quantising')
  const onUnreadable = (picture: PictureSource, error: unknown): void => {
    process.exitCode = 1
    unreadable.add(picture)
    progress.print(process.stderr, errorText(error))
  }
  return quantize(network, pictures, { threads, onProgress: progress.update, onUnreadable }).finally(progress.stop)
}

/** How well the two networks agree, in one or two lines. */
async function describeAgreement({ network, pictures, unreadable, threads }: Work, quantised: Network): Promise<string> {
  const progress = await startProgress(pictures.length)
  let [count, compared, same, total, most] = [0, 0, 0, 0, 0]
  try {
    for await (const outcome of agreements(network, quantised, pictures, threads)) {
      progress.advance()
      if ('error' in outcome) {
        process.exitCode = 1
        if (!unreadable.has(outcome.picture)) progress.print(process.stderr, errorText(outcome.error))
        continue
      }
      count += 1
      compared += outcome.isSame === null ? 0 : 1
      same += outcome.isSame ? 1 : 0
      total += outcome.difference
      most = Math.max(most, outcome.difference)
    }
  } finally {
    progress.stop()
  }
  const differences = `${(total / count).toFixed(4)} on average, ${most.toFixed(4)} at most`
  if (network.architecture.classes === 0) return `features: 1 - cosine is ${differences}, over ${count} pictures`
  const change = `largest change of a probability: ${differences}`
  return compared === 0 ? change : `same first answer for ${same} of ${count} pictures\n${change}`
}

async function quantizeFile(model: string, paths: readonly string[], { out, threads, ...flags }: QuantizeFlags): Promise<void> {
  checkOut(out)
  const files = await pictureFiles(paths)
  if (files.length === 0) return
  const options = await readingOptions(flags)
  const progress = await startByteProgress(model)
  const network = await readNetwork(model, { ...options, onProgress: progress.update }).finally(progress.stop)
  // The pictures are read twice, and the standard input can be read once.
  const pictures = await Promise.all(files.map(async (file) => (file === '-' ? readStandardInput() : file)))
  const work: Work = { network, pictures, unreadable: new Set(), threads }
  const quantised = await quantizeReadable(work)
  const bytes = toTflite(quantised, { dtype: 'I8' })
  const agreement = await describeAgreement(work, quantised)
  await writeFiles([{ path: out, bytes }])
  const before = foldedParameterCount(network.architecture) * Float32Array.BYTES_PER_ELEMENT
  const [size, floats] = [bytes.length, before].map((each) => each.toLocaleString('en-US'))
  print(`${printable(out)}  ${size} bytes; as float32 ${floats}`)
  print(agreement)
}

/** `quantize`: writes a float32 network as a file of 8-bit integers. */
export function addQuantize(program: Command): void {
  const command = program
    .command('quantize')
    .description('write a float32 model as int8, a quarter of its size, and print how much its answers change')
    .argument('<model>', 'path or URL of a checkpoint, path of its folder, or an id that `models` lists')
    .argument('<pictures...>', `50 or more pictures of the kind that the model will be given, without labels: ${picturesArgument}`)
    .requiredOption('-o, --out <file>', 'file to write: .tflite')
  addReadingFlags(command)
    .option('--threads <count>', 'threads that share one run, 0: the calling thread (default: the backend chooses)', parseNumber)
    .action(quantizeFile)
}
