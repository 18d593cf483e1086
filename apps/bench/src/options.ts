import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { places, type Where } from './contender.js'
import { type ContenderName, contenderNames, isContenderName } from './registry.js'
import type { Settings } from './settings.js'

function list<Item>(text: string, parse: (item: string) => Item): Item[] {
  return [...new Set(text.split(',').map((item) => parse(item.trim())))]
}

function place(text: string): Where {
  const found = places.find((each) => each === text)
  if (found === undefined) throw new InvalidArgumentError(`Give one of ${places.join(', ')}.`)
  return found
}

function contender(text: string): ContenderName {
  if (!isContenderName(text)) throw new InvalidArgumentError(`Give one of ${contenderNames.join(', ')}.`)
  return text
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`)
    return value
  }
}

function widthMultiplier(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 4)) throw new InvalidArgumentError('Give a number above 0 and up to 4.')
  return value
}

interface Flags
  extends Omit<Settings, 'widthMultiplier' | 'size' | 'model' | 'json' | 'html' | 'contenders' | 'scaling' | 'photos'> {
  readonly contenders?: ContenderName[]
  readonly widthMultiplier?: number
  readonly size?: number
  readonly model?: string
  readonly scaling?: true
  readonly pipeline?: true
  readonly photos?: string
  readonly json?: string
  readonly html?: string
}

/** Reads the command line. If it is wrong, the process ends with a message. */
export function parseSettings(argv: readonly string[]): Settings {
  const command = new Command('bench')
    .description('Times this project and other runtimes in turn, with the same weights and pictures.')
    .option('--where <places>', `any of ${places.join(', ')}`, (text) => list(text, place), ['node', 'chromium'] satisfies Where[])
    .option('--contenders <names>', `the contenders, in this order; by default all: ${contenderNames.join(', ')}`, (text) =>
      list(text, contender),
    )
    .option('--threads <counts>', 'one or more numbers of threads', (text) => list(text, wholeNumber(availableParallelism())), [1])
    .option('--runs <count>', 'the number of rounds; in each, every contender runs once', wholeNumber(10_000), 40)
    .option('--width-multiplier <factor>', 'the factor on the channels of every layer (default: 1)', widthMultiplier)
    .option('--size <pixels>', 'the height and width of the input (default: 224)', wholeNumber(2048))
    .option('--batch <pictures>', 'the number of pictures in one run', wholeNumber(256), 1)
    .option('--model <file>', 'a checkpoint; all contenders run its architecture and weights instead of seeded ones')
    .option('--pipeline', 'time the whole way from photos to answers in Node, instead of the network alone; needs --photos')
    .option('--photos <folder>', 'the folder of the photos for --pipeline')
    .option('--scaling', 'also time wasm over batch, size, width multiplier and threads')
    .option('--json <file>', 'write all figures to this file')
    .option('--html <file>', 'write a report for the browser to this file')
    .parse(argv, { from: 'user' })
  const flags = command.opts<Flags>()
  if (flags.model !== undefined && flags.widthMultiplier !== undefined)
    command.error('error: --model already sets the width multiplier; leave out --width-multiplier')
  if ((flags.pipeline === true) !== (flags.photos !== undefined)) command.error('error: --pipeline and --photos go together')
  const ofNetwork = ['where', 'contenders', 'threads', 'runs', 'widthMultiplier', 'size', 'batch', 'scaling', 'html']
  const without = ofNetwork.find((name) => command.getOptionValueSource(name) === 'cli')
  if (flags.pipeline === true && without !== undefined)
    command.error(`error: --pipeline takes only --model and --json, not ${without}`)
  const { pipeline: _, ...rest } = flags
  return {
    ...rest,
    contenders: flags.contenders ?? null,
    widthMultiplier: flags.widthMultiplier ?? null,
    size: flags.size ?? null,
    model: flags.model ?? null,
    scaling: flags.scaling ?? false,
    photos: flags.photos ?? null,
    json: flags.json ?? null,
    html: flags.html ?? null,
  }
}
