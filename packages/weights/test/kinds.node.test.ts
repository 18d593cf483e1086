import { type DefinitionOptions, defineMobileNet } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededLevels, softmax } from '@mobilenetv2/testing'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { type Network, readNetwork } from '../src/index.js'
import { type ReadKind, type RefusedKind, readKinds, refusedKinds } from './kinds.js'
import { refusalOf } from './support/expect-refusal.js'
import { golden, goldenBytes } from './support/goldens.js'
import { prepared } from './support/logits-of.js'
import { madeFile, readChanged } from './support/refused-files.js'

/** A golden's JSON. Its answers stand under the names of `ReadKind.output`. */
interface Answers {
  readonly producer: string
  readonly size: number
  readonly batch?: number
  readonly [output: string]: unknown
}

function bytesOf(name: string): Uint8Array {
  const [archive, inside] = name.split('#') as [string, string?]
  return inside === undefined ? goldenBytes(archive) : unzipSync(goldenBytes(archive))[inside]!
}

function read({ golden: name, file, beside = {}, options }: ReadKind): Promise<Network> {
  const readSibling = async (asked: string): Promise<Uint8Array | null> =>
    beside[asked] === undefined ? null : bytesOf(beside[asked])
  return readNetwork(bytesOf(name), { file: file ?? name, readSibling, ...options })
}

function answersOf({ golden: name, answers }: ReadKind): Answers {
  return golden<Answers>(`${answers ?? name.split('.')[0]}.json`)
}

/**
 * The producer's outputs: `exact` with the real numbers that the integers of a quantised file stand for, `integers` with its integer
 * arithmetic.
 */
function producersNumbers(kind: ReadKind): { readonly exact: readonly number[]; readonly integers: readonly number[] | null } {
  const json = answersOf(kind)
  const [name, part] = (kind.output ?? 'logits').split('.') as [string, string?]
  const plain = (part === undefined ? json[name] : (json[name] as Record<string, unknown>)[part]) as readonly number[]
  const exact = json[`float${name[0]!.toUpperCase()}${name.slice(1)}`] as readonly number[] | undefined
  return exact === undefined ? { exact: plain, integers: null } : { exact, integers: plain }
}

function sigmoid(logits: Float32Array): Float32Array {
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)))
}

/** A change of a network's options, or of the value that its input has for a level. The output must change with it. */
interface Change {
  readonly options?: Partial<DefinitionOptions>
  readonly given?: (level: number) => number
}

/** The reference executor's answers to the producer's pictures, in the form that the producer gives them in. */
function run(network: Network, { output = 'logits' }: ReadKind, { size, batch = 1 }: Answers, change: Change = {}): Float32Array {
  const architecture = defineMobileNet({ ...network.options, height: size, width: size, ...change.options })
  const levels = seededLevels(batch, size)
  const pixels = change.given === undefined ? prepared(levels, network.preprocessing) : levels.map(change.given)
  if (output === 'features') {
    return runReference(architecture, network.parameters, pixels, { batch, outputs: ['features'] }).features
  }
  const { logits } = runReference(architecture, network.parameters, pixels, { batch })
  if (output === 'logits' || output.startsWith('logits.') || output === 'ema') return logits
  const { classes } = architecture
  const rows = Array.from({ length: batch }, (_, picture) => logits.subarray(picture * classes, (picture + 1) * classes))
  const each = rows.flatMap((row) => [...(network.classes.output === 'sigmoid' ? sigmoid(row) : softmax(row))])
  return Float32Array.from(each, output === 'logProbabilities' ? Math.log : (value) => value)
}

/** The largest difference as a part of the largest answer. */
function difference(found: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, index) => Math.abs(value - found[index]!))) / largest
}

describe.each(readKinds)('$format: $kind ($golden)', (kind) => {
  test("agrees with its producer's answers to pictures, from the file on", async () => {
    const network = await read(kind)
    const { exact, integers } = producersNumbers(kind)
    const found = run(network, kind, answersOf(kind))
    expectAllClose(found, exact, { relative: kind.largest })
    expect(integers !== null).toBe(kind.largestFromIntegers !== undefined)
    if (integers !== null) expectAllClose(found, integers, { relative: kind.largestFromIntegers! })
  })

  test('what is known, and what is assumed', async () => {
    const { classes, options, preprocessing, reasons } = await read(kind)
    const { output, labels, mean, options: parts = {} } = kind.expected ?? {}
    expect({ options, output: classes.output, labels: classes.labels, mean: preprocessing.mean[0] }).toMatchObject({
      options: parts,
      output: output ?? 'logits',
      labels: labels ?? [],
      ...(mean !== undefined && { mean: expect.closeTo(mean, 5) }),
    })
    for (const [text, reason] of kind.assumed)
      expect({ text, reason: reasons.join('\n') }).toMatchObject({ reason: expect.stringContaining(reason) })
  })

  test('another padding, and pictures of another range, give other answers', async () => {
    const network = await read(kind)
    const { exact } = producersNumbers(kind)
    const other = network.options.padding === 'same' ? 'symmetric' : 'same'
    const { mean, deviation } = network.preprocessing
    const ranges = [
      { name: 'values of -1 to 1', mean: 0.5, deviation: 0.5 },
      { name: 'values of 0 to 1', mean: 0, deviation: 1 },
      { name: 'levels of 0 to 255', mean: 0, deviation: 1 / 255 },
      { name: 'pictures darker by a tenth', mean: mean[0] + 0.1, deviation: deviation[0] },
    ]
    const changes = new Map<string, Change>([['the padding of the other framework', { options: { padding: other } }]])
    for (const { name, ...range } of ranges) {
      const isOwn = Math.abs(range.mean - mean[0]) < 0.02 && Math.abs(range.deviation - deviation[0]) < 0.002
      if (!isOwn) changes.set(name, { given: (level) => (level / 255 - range.mean) / range.deviation })
    }
    for (const [name, change] of changes) {
      const found = difference(run(network, kind, answersOf(kind), change), exact)
      expect({ name, found: found > 100 * kind.largest, value: found }).toMatchObject({ name, found: true })
    }
  })
})

/** A text whose characters are bytes. */
function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function give({ input, file }: RefusedKind): Promise<unknown> {
  if ('text' in input) return readNetwork(latin(input.text), { file })
  if ('made' in input) return readNetwork(madeFile(input.made), { file })
  if ('change' in input) return readChanged(input.golden, input.change)
  const readSibling = async (name: string): Promise<Uint8Array | null> =>
    input.beside[name] === undefined ? null : latin(input.beside[name])
  return readNetwork(bytesOf(input.golden), { file, readSibling })
}

test.each(refusedKinds)('$kind: refused, with what it is and the way out', async (kind) => {
  const error = await refusalOf(() => give(kind))
  expect(error).toMatchObject({ code: kind.code, file: kind.file })
  expect(error.message).toContain(kind.says)
  expect(error.details.remedy ?? '').toContain(kind.remedy)
})
