import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'
import type { Network } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { pictureExtensions } from '../picture-tree.node.js'
import { isAddress } from '../read-bytes.js'
import { readNetwork } from '../read-network.js'
import { fingerprint } from './fingerprint.js'
import { parseCount, parseNumber } from './option-parsers.js'
import { print, say } from './output.js'
import { pictureFiles } from './picture-files.js'
import { printable } from './printable.js'
import { startRunProgress } from './progress.js'
import { addQueueFlag, importQueue, type QueueFlags, type QueuePackage, sayConnection } from './queue-flags.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

interface SubmitFlags extends QueueFlags, ReadingFlags {
  readonly to: string
  readonly run?: string
  readonly top: number
  readonly embed?: true
  readonly batch?: number
  readonly follow?: true
  readonly model?: string | undefined
}

const isStored = (address: string): boolean => address.startsWith('s3://')

/** An address, or the whole path of a file, which a worker elsewhere can open. */
const wholeAddress = (file: string): string => (isAddress(file) || isStored(file) ? file : resolve(file))

async function* linesOf(list: string): AsyncGenerator<string> {
  try {
    for await (const line of createInterface({ input: createReadStream(list) }))
      if (line.trim() !== '') yield wholeAddress(line.trim())
  } catch (cause) {
    throw new MobileNetV2Error('SOURCE', 'A list of pictures cannot be read.', { where: list, ...systemError(cause), cause })
  }
}

/** The pictures that arguments name. A list and a store are read while their pictures are submitted. */
async function* picturesOf(sources: readonly string[], { listS3 }: QueuePackage): AsyncGenerator<string> {
  for (const source of sources) {
    if (source.endsWith('.txt')) yield* linesOf(source)
    else if (isStored(source)) yield* listS3(source, pictureExtensions)
    else for (const file of await pictureFiles([source])) yield wholeAddress(file)
  }
}

/**
 * The network that answered a run. A `.lance` table states this network.
 * @throws MobileNetV2Error `OPTION` if the flags name another one
 */
async function networkOfRun(
  answered: string | null,
  { model, ...flags }: Pick<SubmitFlags, 'model' | keyof ReadingFlags>,
): Promise<Network> {
  const network = await readNetwork(model, await readingOptions(flags))
  const given = fingerprint(network)
  if (answered === null || answered === given) return network
  throw new MobileNetV2Error('OPTION', 'The table would state another model than the one that answered.', {
    where: 'option --model',
    expected: answered,
    got: given,
    remedy: 'Give the same --model, --labels and --output as the workers, whose --precision must be float32 for a table.',
  })
}

/** Follows a run to its end, and puts its result together. */
async function follow(queuePackage: QueuePackage, run: string, { queue, to, model, ...flags }: SubmitFlags): Promise<void> {
  const { followRun, collectResult, partsOf } = queuePackage
  const progress = await startRunProgress()
  let last: { readonly batches: number; readonly model: string | null } = { batches: 0, model: null }
  try {
    for await (const now of followRun({ queue, run, connection: sayConnection })) {
      progress.update(now)
      last = now
    }
  } finally {
    progress.stop()
  }
  const parts = partsOf(resolve(to))
  const network = to.endsWith('.lance') ? await networkOfRun(last.model, { model, ...flags }) : undefined
  const { done, failed, deadLetters } = await collectResult({ run, parts, to: resolve(to), batches: last.batches, network })
  print(printable(`${done} pictures are answered in ${to}.`))
  if (deadLetters !== null) {
    process.exitCode = 1
    say(printable(`${failed} pictures have no answer. ${deadLetters} has the reason of each.`))
  }
}

async function submit(sources: readonly string[], flags: SubmitFlags): Promise<void> {
  const { queue, to, top, batch } = flags
  const queuePackage = await importQueue(queue)
  const { nameRun, partsOf, submitPictures } = queuePackage
  // A table keeps the features and the best class.
  const question = to.endsWith('.lance') ? { top: Math.min(top, 1), embedding: true } : { top, embedding: flags.embed === true }
  const parts = partsOf(resolve(to))
  const run = flags.run ?? nameRun([...sources, parts, JSON.stringify(question)])
  const { pictures, batches, done, failed } = await submitPictures(picturesOf(sources, queuePackage), {
    queue,
    run,
    parts,
    question,
    batchSize: batch,
    connection: sayConnection,
  })
  const left = pictures - done - failed
  say(printable(`Run ${run}: ${pictures} pictures in ${batches} batches; ${left} pictures are still to do.`))
  if (flags.follow) await follow(queuePackage, run, flags)
  else say('The same command with --follow waits for the answers, and puts them together.')
}

/** `submit`: gives pictures to the workers of a queue. */
export function addSubmit(program: Command): void {
  const command = program
    .command('submit')
    .description('give pictures to the workers of a queue; the same command again continues')
    .argument(
      '<pictures...>',
      'paths, URLs, folders, quoted patterns, s3://bucket/path, or a list that ends in .txt: one picture a line',
    )
    .requiredOption('--to <file>', 'the result: a path on a disk that the workers share, which ends in .jsonl, .parquet or .lance')
  addReadingFlags(addQueueFlag(command))
    .option('--run <name>', 'the name of the run (default: made from the pictures, the result and what is asked)')
    .option('--top <count>', 'how many answers for each picture; 0 for none', parseNumber, 5)
    .option('--embed', 'the features of each picture too; a .lance table always has them')
    .option('--batch <count>', 'pictures in a batch (default: 256)', parseCount)
    .option('--follow', 'wait until all are done, show how far it is, then write the result')
    .option('--model <file>', 'the model of the workers, which a .lance table states')
    .action(submit)
}
