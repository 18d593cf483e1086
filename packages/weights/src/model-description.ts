import {
  blockActivations,
  bottleneckActivations,
  type DefinitionOptions,
  type Geometry,
  geometryKinds,
  geometryRoundings,
  type HeadLayer,
  headActivations,
  interpolations,
  isHeadActivation,
  type MobileNetV2Options,
  type Preprocessing,
  paddingConventions,
  poolKinds,
  residualPlacements,
} from '@mobilenetv2/spec'
import type { PlainValue } from './checkpoint.js'
import { CheckpointError } from './checkpoint-error.js'
import type { Budget } from './formats/budget.js'
import { type JsonNode, readJson } from './formats/json.js'
import type { Classes, Network, OutputKind } from './network.js'

/** The description in a file that this project wrote. */
export interface ModelDescription {
  /** The options of `defineMobileNet`. */
  readonly options: DefinitionOptions
  readonly preprocessing: Preprocessing
  /** The index of the background class; null if there is none. */
  readonly background: number | null
  /** The labels in the order of the logits, with the background class. */
  readonly labels?: readonly string[] | undefined
  readonly output?: OutputKind | undefined
  readonly report?: PlainValue | undefined
}

/** The parts of a network that a file describes beside its parameters. */
export interface DescribedNetwork extends Pick<Network, 'options' | 'preprocessing' | 'report'> {
  readonly classes: Omit<Network['classes'], 'outputReason'>
}

/** A label for each logit, with the background class, which the network's own labels leave out. Empty if the classes have no labels. */
export function logitLabels({ labels, background }: Pick<Classes, 'labels' | 'background'>): readonly string[] {
  return background === null || labels.length === 0 ? labels : labels.toSpliced(background, 0, 'background')
}

/** The description with which `readNetwork` reads a network back, as one line of JSON. */
export function writeDescription({ options, preprocessing, classes, report }: DescribedNetwork): string {
  const labels = logitLabels(classes)
  return JSON.stringify({
    options,
    preprocessing,
    backgroundClass: classes.background,
    ...(labels.length === 0 ? {} : { labels }),
    output: classes.output,
    report,
  })
}

function choice<Choice extends string>(node: JsonNode, choices: readonly Choice[]): Choice {
  const text = node.text()
  const found = choices.find((candidate) => candidate === text)
  if (found === undefined) {
    throw new CheckpointError('The description of the model has a value that is not known.', {
      expected: `${choices.join(', ')} at ${node.path}`,
      got: text.slice(0, 40),
      remedy: 'A newer version of this library may have written the file.',
    })
  }
  return found
}

function table(node: JsonNode): NonNullable<MobileNetV2Options['table']> {
  return node.array().map((row) => {
    const numbers = row.array().map((value) => value.number())
    const [t, c, n, s] = numbers
    if (t === undefined || c === undefined || n === undefined || s === undefined || numbers.length > 4) {
      throw new CheckpointError('The description of the model has a row that is not t, c, n, s.', {
        got: `${numbers} at ${row.path}`,
      })
    }
    return [t, c, n, s] as const
  })
}

const number = (node: JsonNode): number => node.number()

function denseLayers(node: JsonNode): readonly HeadLayer[] {
  return node.array().map((layer) => {
    const activation = layer.required('activation')
    const name = activation.text()
    return {
      units: layer.required('units').number(),
      activation: isHeadActivation(name) ? name : choice(activation, headActivations),
    }
  })
}

type OptionName = keyof MobileNetV2Options | 'family'

/** How each option is read. `defineMobileNet` checks the ranges, and which options a family has. */
const optionReaders: { readonly [Name in OptionName]: (node: JsonNode) => unknown } = {
  family: (node) => choice(node, ['MobileNetV1', 'MobileNetV2']),
  widthMultiplier: number,
  height: number,
  width: number,
  classes: number,
  stemStride: number,
  activation: (node) => choice(node, blockActivations),
  positionLayers: denseLayers,
  pool: (node) => choice(node, poolKinds),
  headLayers: denseLayers,
  padding: (node) => choice(node, paddingConventions),
  batchNormEpsilon: number,
  channelDivisor: number,
  table,
  stemChannels: number,
  headChannels: number,
  bottleneckActivation: (node) => choice(node, bottleneckActivations),
  residual: (node) => choice(node, residualPlacements),
}

function readOptions(node: JsonNode): DefinitionOptions {
  const names = Object.keys(optionReaders) as OptionName[]
  const unknown = node.names().find((name) => !names.some((known) => known === name))
  if (unknown !== undefined) {
    throw new CheckpointError('The description of the model has an option that is not known.', {
      expected: names.join(', '),
      got: unknown.slice(0, 40),
      remedy: 'A newer version of this library may have written the file.',
    })
  }
  const entries = names.flatMap((name) => {
    const value = node.member(name)
    return value === null ? [] : [[name, optionReaders[name](value)]]
  })
  return Object.fromEntries(entries) as DefinitionOptions
}

function readGeometry(node: JsonNode): Geometry {
  const kind = choice(node.required('kind'), geometryKinds)
  switch (kind) {
    case 'shorterSide': {
      const rounding = choice(node.required('rounding'), geometryRoundings)
      return { kind, size: node.required('size').number(), rounding }
    }
    case 'stretch':
      return { kind }
    case 'centralFraction':
      return { kind, fraction: node.required('fraction').number() }
    default:
      throw new Error(`unknown geometry ${kind satisfies never}`)
  }
}

function readPreprocessing(node: JsonNode): Preprocessing {
  const triple = (name: string): Preprocessing['mean'] => {
    const values = node.required(name).array().map(number)
    const [red, green, blue] = values
    if (red === undefined || green === undefined || blue === undefined || values.length > 3) {
      throw new CheckpointError('The description of the model does not have three numbers.', {
        expected: 'red, green and blue',
        got: name,
      })
    }
    return [red, green, blue]
  }
  const interpolation = choice(node.required('interpolation'), interpolations)
  return { geometry: readGeometry(node.required('geometry')), interpolation, mean: triple('mean'), deviation: triple('deviation') }
}

/**
 * Reads the result of `writeDescription`.
 * @throws CheckpointError if it is damaged, has an option or value that is not known, or more values than `budget` allows
 */
export function readDescription(json: string, budget: Budget): ModelDescription {
  const root = readJson(new TextEncoder().encode(json), budget)
  const labels = root
    .member('labels')
    ?.array()
    .map((label) => label.text())
  const output = root.member('output')
  return {
    options: readOptions(root.required('options')),
    preprocessing: readPreprocessing(root.required('preprocessing')),
    background: root.member('backgroundClass')?.number() ?? null,
    ...(labels === undefined ? {} : { labels }),
    ...(output === null ? {} : { output: choice<OutputKind>(output, ['softmax', 'sigmoid', 'logits']) }),
    report: root.member('report')?.plain(),
  }
}
