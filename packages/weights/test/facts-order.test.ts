import type { Preprocessing } from '@mobilenetv2/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Conventions, factsFrom, type InputSize, type Network, type OutputKind, toNetwork } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { small } from './support/checkpoints.js'
import { stateDict } from './support/state-dict.js'

/** All facts that a source can state about a state dict, except the names of its classes. */
interface Statement extends Conventions, Preprocessing {
  readonly size: InputSize
  readonly output: OutputKind
}

/** The sources in the order in which they are believed. Each states something else than the next one. */
const sources: readonly { readonly reason: string; readonly statement: Statement }[] = [
  {
    reason: 'as asked for',
    statement: {
      ...{ size: { height: 32, width: 64 }, padding: 'same', batchNormEpsilon: 0.002, stemStride: 1, activation: 'relu' },
      ...{ bottleneckActivation: 'relu6', residual: 'none', geometry: { kind: 'stretch' }, interpolation: 'bicubic' },
      ...{ mean: [0, 0, 0], deviation: [1, 1, 1], output: 'sigmoid' },
    },
  },
  {
    reason: 'the publisher says so',
    statement: {
      ...{ size: { height: 96, width: 96 }, padding: 'symmetric', batchNormEpsilon: 0.003, stemStride: 2, activation: 'relu6' },
      ...{ bottleneckActivation: 'linear', residual: 'bottleneck', geometry: { kind: 'centralFraction', fraction: 0.875 } },
      ...{ interpolation: 'bilinearAlignCorners', mean: [0.1, 0.2, 0.3], deviation: [0.4, 0.5, 0.6], output: 'softmax' },
    },
  },
  {
    reason: 'a file beside it says so',
    statement: {
      ...{ size: { height: 64, width: 32 }, padding: 'same', batchNormEpsilon: 0.004, stemStride: 1, activation: 'relu' },
      ...{ bottleneckActivation: 'relu6', residual: 'expansion', geometry: { kind: 'shorterSide', size: 70, rounding: 'nearest' } },
      ...{ interpolation: 'bilinear', mean: [0.7, 0.7, 0.7], deviation: [0.8, 0.8, 0.8], output: 'sigmoid' },
    },
  },
]

/** How the sentence about each fact starts. */
const sentences: Readonly<Record<keyof Statement, string>> = {
  size: 'input ',
  stemStride: 'first convolution of stride ',
  activation: 'activation r',
  padding: 'padding ',
  batchNormEpsilon: 'BatchNorm epsilon ',
  bottleneckActivation: 'activation after projections ',
  residual: 'shortcuts ',
  geometry: 'preprocessing ',
  interpolation: 'interpolation ',
  mean: 'mean ',
  deviation: 'deviation ',
  output: 'output ',
}
const names = Object.keys(sentences) as (keyof Statement)[]

function valueIn({ options, preprocessing, classes, architecture }: Network, name: keyof Statement): unknown {
  const { height, width } = architecture.input
  const values: Partial<Record<keyof Statement, unknown>> = {
    ...options,
    ...preprocessing,
    size: { height, width },
    output: classes.output,
    stemStride: options.stemStride ?? 2,
    activation: options.activation ?? 'relu6',
  }
  return values[name]
}

function reasonIn({ reasons }: Network, name: keyof Statement): string | undefined {
  return reasons.find((reason) => reason.startsWith(sentences[name]))?.replace(/^.*: /, '')
}

const checkpoint = stateDict(torchvisionNamings[0]!, small)
const unstated = await toNetwork(checkpoint)

test('each fact, and its reason, is that of the first source that states it', async () => {
  const part = (source: number, stated: readonly string[]): Partial<Statement> =>
    Object.fromEntries(Object.entries(sources[source]!.statement).filter(([name]) => stated.includes(name)))
  const subsets = fc.tuple(fc.subarray(names), fc.subarray(names), fc.subarray(names))
  await fc.assert(
    fc.asyncProperty(subsets, async (stated) => {
      const { size, geometry, interpolation, mean, deviation, output, ...conventions } = part(0, stated[0])
      const network = await toNetwork(checkpoint, {
        ...{ architecture: { ...size, ...conventions }, preprocessing: { geometry, interpolation, mean, deviation }, output },
        stated: [1, 2].map((source) => factsFrom(part(source, stated[source]!), sources[source]!.reason)),
      })
      for (const name of names) {
        const first = sources.find((_, source) => stated[source]!.includes(name))
        expect(reasonIn(network, name)).toBe(first === undefined ? reasonIn(unstated, name) : first.reason)
        // The usual geometry depends on the size, which is another fact.
        if (first === undefined && name === 'geometry') continue
        expect(valueIn(network, name)).toEqual(first === undefined ? valueIn(unstated, name) : first.statement[name])
      }
    }),
    { numRuns: 50 },
  )
}, 60_000)
