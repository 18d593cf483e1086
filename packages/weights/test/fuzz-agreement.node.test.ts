// Imported before all others, because it counts the arrays that they allocate.
import './support/allocations.js'

import { isDeepStrictEqual } from 'node:util'
import { type DefinitionOptions, defineMobileNet, type MobileNetV2Options, type Preprocessing } from '@mobilenetv2/spec'
import { runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { test } from 'vitest'
import { type Network, type SafetensorsNetwork, toOnnx, toSafetensors, toTflite, type WritableNetwork } from '../src/index.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { valuesOf } from './support/array-operations.js'
import { type FuzzFile, type FuzzReading, type FuzzSource, fuzz, fuzzRuns, fuzzTimeout, readAll } from './support/fuzz.js'
import { frozenTree, graphDefSchema } from './support/graph-def-tree.js'
import { hdf5Of } from './support/hdf5-tree.js'
import { kerasArchiveTree, kerasHdf5Root, kerasHdf5Tree, kerasLayers, layersModelTree } from './support/keras-model.js'
import { pickleOf } from './support/pickle-tree.js'
import { protobufOf } from './support/protobuf-tree.js'
import { pick, type Random } from './support/random.js'
import { expectSameLogits } from './support/same-logits.js'
import { smallNetworks } from './support/small-networks.js'
import { smallStateDict } from './support/small-options.js'
import { changed, type Tree } from './support/structure.js'
import {
  legacyOf,
  legacyTree,
  npzEntries,
  npzTree,
  numpyTree,
  safetensorsOf,
  safetensorsTree,
  tensorRows,
  torchEntries,
  torchTree,
} from './support/tensor-rows.js'
import { jsonOf, tfjsFile, tfjsTree } from './support/tfjs-tree.js'
import { bytesIn, memberIn, textIn } from './support/tree-values.js'
import { zipOf, zipTree } from './support/zip-tree.js'

/**
 * The parts of a network on which two readers must agree. The epsilon is folded into the weights, and the padding is stated in each layer.
 */
function networkOf({ architecture, parameters, preprocessing, classes }: Network): object {
  const { batchNormEpsilon: _, padding: __, ...layers } = architecture
  return { layers, parameters, preprocessing, labels: classes.labels, background: classes.background, output: classes.output }
}

/** The first place in which two values differ. */
function differenceOf(one: unknown, other: unknown, place = ''): string | null {
  if (isDeepStrictEqual(one, other)) return null
  if (one instanceof Map && other instanceof Map) return differenceOf(Object.fromEntries(one), Object.fromEntries(other), place)
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
  if (isObject(one) && isObject(other)) {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = differenceOf(Reflect.get(one, name), Reflect.get(other, name), `${place}/${name}`)
      if (found !== null) return found
    }
  }
  return `${place}: ${JSON.stringify(one)?.slice(0, 200)} and ${JSON.stringify(other)?.slice(0, 200)}`
}

function expectSame(one: object, other: object, names: string): void {
  const difference = differenceOf(one, other)
  if (difference !== null) throw new Error(`${names} are read as two networks: ${difference}`)
}

/** Files of one network, by the names of their formats. The first is the input. */
type Files = readonly (readonly [format: string, file: FuzzFile])[]

/**
 * Expects that the files of each group are all read or all refused, and that every network that is read passes `check`.
 * @param first the reading of the first file
 * @param check throws if a network is not the one of the files
 */
async function expectAgreement(
  first: FuzzReading,
  files: Files,
  groups: readonly (readonly string[])[],
  check: (format: string, network: Network) => void,
): Promise<void> {
  const networks = new Map([[files[0]![0], first.network]])
  for (const [format, file] of files.slice(1)) networks.set(format, (await readAll(file, true)).network)
  for (const [format, network] of networks) if (network !== null) check(format, network)
  for (const group of groups) {
    const read = group.filter((format) => networks.get(format) !== null)
    if (read.length > 0 && read.length < group.length) throw new Error(`${read} is read, and the rest of ${group} is refused.`)
  }
}

/** A check that each network equals the network before. */
function alike(): (format: string, network: Network) => void {
  let known: [string, Network] | null = null
  return (format, network) => {
    if (known !== null) expectSame(networkOf(known[1]), networkOf(network), `${known[0]} and ${format}`)
    known = [format, network]
  }
}

/** Options of a random network: few channels, each stride, padding, activation and head that there is. */
function randomOptions(random: Random): DefinitionOptions {
  const channels = (): number => 4 + random(9)
  const rows = Array.from(
    { length: 1 + random(5) },
    (_, index) => [index === 0 ? 1 : 1 + random(4), channels(), 1 + random(2), 1 + random(2)] as const,
  )
  // Half of the networks have the strides of those that people train.
  const strided =
    rows.length < 4 || random(2) === 0 ? rows : rows.map(([t, c, n], index) => [t, c, n, index < rows.length - 4 ? 1 : 2] as const)
  const size = (): number => pick([32, 32, 64, 33, 47], random)
  const common = {
    classes: random(6),
    height: size(),
    width: size(),
    padding: pick(['same', 'symmetric'] as const, random),
    ...(random(3) === 0 && { pool: pick(['max', 'none'] as const, random) }),
    ...(random(3) === 0 && {
      headLayers: Array.from({ length: 1 + random(2) }, () => ({
        units: 3 + random(6),
        activation: pick(['relu', 'relu6', 'linear', 'silu', 'tanh', 'elu', 'gelu', 'hardSwish'] as const, random),
      })),
    }),
    ...(random(4) === 0 && { positionLayers: [{ units: 3 + random(6), activation: pick(['relu', 'relu6'] as const, random) }] }),
  }
  return {
    ...common,
    table: strided,
    stemChannels: channels(),
    headChannels: random(4) === 0 ? 0 : channels(),
    channelDivisor: 1,
    bottleneckActivation: pick(['linear', 'relu6'] as const, random),
    residual: pick(['bottleneck', 'expansion', 'none'] as const, random),
  } satisfies MobileNetV2Options
}

/** A random network. Options that define none are drawn again. */
function randomNetwork(random: Random): SafetensorsNetwork & { readonly architecture: Network['architecture'] } {
  const number = (): number => random(1000) / 1000 + 0.001
  const triple = (): Preprocessing['mean'] => [number(), number(), number()]
  for (;;) {
    const options = randomOptions(random)
    try {
      const architecture = defineMobileNet(options)
      const { classes } = architecture
      const background = classes > 1 && random(2) === 0 ? random(classes) : null
      const labels =
        classes > 0 && random(2) === 0
          ? Array.from({ length: classes - (background === null ? 0 : 1) }, (_, index) => `class ${index}`)
          : []
      return {
        ...{ options, architecture, parameters: seededParameters(architecture, random(1000)) },
        preprocessing: {
          geometry: pick(
            [
              { kind: 'stretch' },
              { kind: 'centralFraction', fraction: 0.875 },
              { kind: 'shorterSide', size: 72, rounding: 'nearest' },
            ] as const,
            random,
          ),
          interpolation: pick(['bilinear', 'bicubic'] as const, random),
          mean: triple(),
          deviation: triple(),
        },
        classes: { labels, background, output: pick(['softmax', 'sigmoid', 'logits'] as const, random) },
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'OPTION')) throw error
    }
  }
}

const own: FuzzSource = {
  ...{ name: 'random networks', share: 1, whole: true, original: { bytes: toOnnx(smallNetworks[0]!) } },
  make(random) {
    const network = randomNetwork(random)
    const { architecture, parameters } = network
    const exports = (written: WritableNetwork): Files => [
      ['ONNX', { bytes: toOnnx(written) }],
      ['ONNX of channels last', { bytes: toOnnx(written, { layout: 'channelsLast' }) }],
      ['TensorFlow Lite', { bytes: toTflite(written) }],
      ['TensorFlow.js', tfjsFile(tfjsTree(written))],
    ]
    // These files get no options: the reader must find the architecture from the layers.
    const files: Files = [
      ...exports({ architecture, parameters }),
      ['a frozen graph', { bytes: protobufOf(frozenTree({ architecture, parameters }), graphDefSchema) }],
    ]
    return {
      file: files[0]![1],
      async check(reading) {
        const { network: read } = await readAll({ bytes: toSafetensors(network) }, true)
        if (read === null) throw new Error('An own file is refused.')
        const written: Network = { ...read, ...network, classes: { ...network.classes, outputReason: '' } }
        expectSame(networkOf(written), networkOf(read), 'what is written and safetensors')
        for (const [format, file] of exports(network)) {
          const { network: described } = await readAll(file, true)
          if (described === null) throw new Error(`${format} with a description is refused.`)
          expectSame(networkOf(read), networkOf(described), `safetensors and ${format} with a description`)
          expectSame(read.options, described.options, `the options in safetensors and ${format}`)
        }
        let logits: Float32Array | null = null
        // At other sizes the zeros around a map can be those of both padding conventions. A format states only one of the two.
        const isPlain = [network.architecture.input.height, network.architecture.input.width].every((size) => size % 32 === 0)
        const groups = isPlain ? [files.map(([format]) => format)] : []
        await expectAgreement(reading, files, groups, (format, graph) => {
          // Graphs leave some choices open, such as which layer is the head: another network may compute the same.
          if (
            !isDeepStrictEqual([graph.architecture.layers, graph.parameters], [network.architecture.layers, network.parameters])
          ) {
            logits ??= runReference(network.architecture, network.parameters, seededInput(network.architecture)).logits
            const stated = valuesOf([1, logits.length], logits)
            expectSameLogits(graph, () => stated)
          }
          if (graph.architecture.input.height !== network.architecture.input.height) throw new Error(`${format} has another size.`)
        })
      },
    }
  },
}

const rows = tensorRows(torchvisionNamings[0]!, smallStateDict)

function tensorFiles(changedRows: readonly Tree[]): Files {
  // Of two tensors of one name, formats keep the last, or refuse both.
  const named = changedRows.map((row, index) => {
    // JavaScript puts names of digits before all others. The bytes have to be a whole number of values.
    const [name, bytes] = [textIn(memberIn(row, 'name')), bytesIn(memberIn(row, 'bytes'))]
    return {
      name: /^\d*$/.test(name) ? `tensor${index}` : name,
      shape: memberIn(row, 'shape') ?? null,
      bytes: bytes.subarray(0, bytes.length - (bytes.length % 4)),
    }
  })
  const unique = [...new Map(named.map((row) => [row.name, row])).values()]
  return [
    ['safetensors', { bytes: safetensorsOf(safetensorsTree(unique)) }],
    ["PyTorch's zip", { bytes: zipOf(zipTree(torchEntries(torchTree(unique)))) }],
    ["PyTorch's legacy pickle", { bytes: legacyOf(legacyTree(unique)) }],
    ['NumPy in a pickle', { bytes: pickleOf(numpyTree(unique)) }],
    ['NumPy in a zip', { bytes: zipOf(zipTree(npzEntries(npzTree(unique)))) }],
  ]
}

const tensors: FuzzSource = {
  ...{ name: 'a state dict', share: 1, whole: true, original: tensorFiles(rows)[0]![1] },
  make(random) {
    const files = tensorFiles(changed(rows as unknown as Tree[], random) as Tree[])
    return {
      file: files[0]![1],
      check: (reading) =>
        expectAgreement(
          reading,
          files,
          [
            ['safetensors', 'NumPy in a pickle', 'NumPy in a zip'],
            ["PyTorch's zip", "PyTorch's legacy pickle"],
          ],
          alike(),
        ),
    }
  },
}

const layers = kerasLayers(smallNetworks[0]!)

/** One model in each of Keras's formats. The weights are as they were. */
function kerasFiles(model: Tree): Files {
  const hdf5 = { ...(kerasHdf5Tree(layers) as object), model } as Tree
  const archive = { 'config.json': jsonOf(model), 'model.weights.h5': hdf5Of(memberIn(kerasArchiveTree(layers), 'weights')!) }
  const tree = layersModelTree(layers) as { readonly model: { readonly modelTopology: object }; readonly weights: Tree }
  const layersModel = { ...tree.model, modelTopology: { ...tree.model.modelTopology, model_config: model } } as Tree
  return [
    ['HDF5', { bytes: hdf5Of(kerasHdf5Root(hdf5)) }],
    ["Keras's archive", { bytes: zipOf(zipTree(archive)) }],
    ['TensorFlow.js', tfjsFile({ model: layersModel, weights: tree.weights })],
  ]
}

const kerasModel = memberIn(kerasHdf5Tree(layers), 'model')!

const keras: FuzzSource = {
  ...{ name: 'a model', share: 1, whole: true, original: kerasFiles(kerasModel)[0]![1] },
  make(random) {
    const files = kerasFiles(changed(kerasModel, random))
    return { file: files[0]![1], check: (reading) => expectAgreement(reading, files, [['HDF5', 'TensorFlow.js']], alike()) }
  },
}

const formats: readonly { what: string; source: FuzzSource; files: number }[] = [
  { what: 'networks of random options in all formats with graphs', source: own, files: 5 },
  { what: 'state dicts with wrong names and shapes in all formats of tensors', source: tensors, files: 5 },
  { what: 'models with wrong layers in all formats of Keras', source: keras, files: 3 },
]

test.each(formats)(
  `$what: ${fuzzRuns} files, the same network or refused`,
  // As many files are read as in the other fuzzers.
  ({ what, source, files }) => fuzz(`${what}, agreement`, [{ ...source, share: 1 / files }], fuzzRuns),
  fuzzTimeout,
)
