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
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${places.join(', ')}.`)
  return found
}

function contender(text: string): ContenderName {
  if (!isContenderName(text)) throw new InvalidArgumentError(`It is one of ${contenderNames.join(', ')}.`)
  return text
}

function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`)
    return value
  }
}

function widthMultiplier(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 4)) throw new InvalidArgumentError('It is a number above 0, up to 4.')
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

/** Reads the command line; ends the process with a message where it is wrong. */
export function parseSettings(argv: readonly string[]): Settings {
  const command = new Command('bench')
    .description('Measures this project and its peers in turn, on the same weights and pictures.')
    .option('--where <places>', `of ${places.join(', ')}`, (text) => list(text, place), ['node', 'chromium'] satisfies Where[])
    .option('--contenders <names>', `in this order; all unless given: ${contenderNames.join(', ')}`, (text) =>
      list(text, contender),
    )
    .option('--threads <counts>', 'numbers of threads', (text) => list(text, wholeNumber(availableParallelism())), [1])
    .option('--runs <count>', 'paired rounds', wholeNumber(10_000), 40)
    .option('--width-multiplier <factor>', 'multiplies the channels of every layer (1)', widthMultiplier)
    .option('--size <pixels>', 'height and width of the input (224)', wholeNumber(2048))
    .option('--batch <pictures>', 'pictures in one run', wholeNumber(256), 1)
    .option('--model <file>', 'a checkpoint whose weights and architecture all run, in place of seeded ones')
    .option('--pipeline', 'time the whole way from photos to answers in this Node, in place of the network alone; needs --photos')
    .option('--photos <folder>', 'the photos of --pipeline')
    .option('--scaling', 'also time wasm over batch, size, width multiplier and threads')
    .option('--json <file>', 'write every figure')
    .option('--html <file>', 'write a report that opens in a browser')
    .parse(argv, { from: 'user' })
  const flags = command.opts<Flags>()
  if (flags.model !== undefined && flags.widthMultiplier !== undefined)
    command.error('error: --width-multiplier is given by --model')
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
