import type { ReadSibling } from '../../beside/beside.js'
import type { CheckpointContent, StoredTensor } from '../../checkpoint.js'
import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'
import { type MessageReader, startMessages } from '../protobuf.js'
import { type GraphDef, readEntry, readGraphDef } from './graph-def.js'
import { checkFed } from './graph-input.js'
import { dataInputs, type InlinedGraph, type InlinedNode, inlineGraph } from './inline.js'
import { networkOf, variableOperators } from './network-graph.js'
import { capturesOf, keysByObject, objectGraphKey } from './object-graph.js'
import { readTensorBundle, type TensorBundle } from './tensor-bundle.js'
import { tensorTypeOf } from './tensor-proto.js'

/** Fields of the messages in TensorFlow's `saved_model.proto` and `meta_graph.proto`. */
const modelFields = { metaGraphs: 2 } as const
const metaGraphFields = { info: 1, graph: 2, signatures: 5, objects: 7 } as const
const infoFields = { tags: 4, version: 5 } as const
const signatureFields = { inputs: 1, outputs: 2 } as const
const informationFields = { name: 1, type: 2 } as const

/** The tag of a graph that predicts, and the signature of its prediction. */
const servingTag = 'serve'
const servingSignature = 'serving_default'

/** The path of the variables, relative to the folder of the model. */
const variables = 'variables/variables'

const floats = new Set(['float32', 'float16', 'bfloat16', 'float64'])

interface MetaGraph {
  readonly tags: readonly string[]
  readonly version: string
  readonly graph: Uint8Array
  readonly signatures: ReadonlyMap<string, Uint8Array>
  /** The `SavedObjectGraph`; empty in a file of TensorFlow 1. */
  readonly objects: Uint8Array
}

function readMetaGraph(bytes: Uint8Array, readMessage: MessageReader): MetaGraph {
  const tags: string[] = []
  let [version, graph, objects] = ['', new Uint8Array(), new Uint8Array()]
  const signatures = new Map<string, Uint8Array>()
  readMessage(bytes, {
    [metaGraphFields.info]: (info) =>
      readMessage(info.bytes(), {
        [infoFields.tags]: (value) => tags.push(value.text()),
        [infoFields.version]: (value) => {
          version = value.text()
        },
      }),
    [metaGraphFields.graph]: (value) => {
      graph = value.bytes() as Uint8Array<ArrayBuffer>
    },
    [metaGraphFields.objects]: (value) => {
      objects = value.bytes() as Uint8Array<ArrayBuffer>
    },
    [metaGraphFields.signatures]: (entry) => {
      const [name, signature] = readEntry(entry.bytes(), readMessage)
      // Keras saves the initialisation of its variables as a signature.
      if (!name.startsWith('__saved_model_')) signatures.set(name, signature)
    },
  })
  return { tags, version, graph, signatures, objects }
}

/** The inputs of a signature, and those of its outputs that are numbers and not a class. */
interface Signature {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

function readSignature(signature: Uint8Array, readMessage: MessageReader): Signature {
  const [inputs, outputs]: [string[], string[]] = [[], []]
  const readTensor = (entry: Uint8Array): { name: string; isFloat: boolean } => {
    let [name, type] = ['', 0]
    readMessage(readEntry(entry, readMessage)[1], {
      [informationFields.name]: (value) => {
        name = value.name()
      },
      [informationFields.type]: (value) => {
        type = value.integer()
      },
    })
    return { name, isFloat: floats.has(tensorTypeOf(type) ?? '') }
  }
  readMessage(signature, {
    [signatureFields.inputs]: (entry) => inputs.push(readTensor(entry.bytes()).name),
    [signatureFields.outputs]: (entry) => {
      const { name, isFloat } = readTensor(entry.bytes())
      if (name !== '' && isFloat) outputs.push(name)
    },
  })
  return { inputs, outputs }
}

/** The graph that predicts, and its signature. */
function servingGraph(bytes: Uint8Array, readMessage: MessageReader): MetaGraph & Signature {
  const metaGraphs: MetaGraph[] = []
  readMessage(bytes, { [modelFields.metaGraphs]: (value) => metaGraphs.push(readMetaGraph(value.bytes(), readMessage)) })
  const serving = metaGraphs.filter(({ tags }) => tags.includes(servingTag))
  const metaGraph = serving[0] ?? (metaGraphs.length === 1 ? metaGraphs[0] : undefined)
  if (metaGraph === undefined) {
    throw new CheckpointError('The SavedModel has no graph that predicts.', {
      expected: `a graph with the tag ${servingTag}`,
      got:
        metaGraphs
          .slice(0, 8)
          .map(({ tags }) => tags.join(' ').slice(0, 40) || 'no tag')
          .join(', ') || 'none',
    })
  }
  const { signatures } = metaGraph
  const signature = signatures.get(servingSignature) ?? (signatures.size === 1 ? [...signatures.values()][0] : undefined)
  const found = signature === undefined ? null : readSignature(signature, readMessage)
  if (found === null || found.outputs.length === 0) {
    throw new CheckpointError('The SavedModel does not say which of its functions predicts.', {
      expected: `a signature ${servingSignature}`,
      got:
        [...signatures.keys()]
          .slice(0, 8)
          .map((name) => name.slice(0, 40))
          .join(', ') || 'none',
      remedy: `Save it with model.export(path), or tf.saved_model.save(model, path, signatures=…). Or give ${variables}.index, which has the weights alone.`,
    })
  }
  return { ...metaGraph, ...found }
}

/** The graph of a SavedModel after it was read. */
interface ServingGraph {
  readonly definition: GraphDef
  readonly inlined: InlinedGraph
  readonly outputs: readonly string[]
  readonly objects: Uint8Array
}

/**
 * The keys of variables in the checkpoint, by the names of the nodes that have them. The function that predicts captures objects. The graph
 * calls it with the variables of these objects, after its own inputs.
 */
async function capturedKeys(
  { definition, inlined, outputs, objects }: ServingGraph,
  bundle: TensorBundle,
  readMessage: MessageReader,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>()
  const stored = objects.length === 0 ? null : await bundle.text(objectGraphKey)
  if (stored === null) return keys
  const byObject = keysByObject(objects, stored, readMessage)
  for (const name of new Set(outputs.map((output) => output.replace(/:\d+$/, '')))) {
    const call = definition.nodes.get(name)
    const captures = capturesOf(objects, call?.attributes.functionName('f') ?? '', readMessage)
    if (call === null || captures === null) continue
    const inputs = dataInputs(call)
    for (const [index, place] of captures.entries()) {
      const input = inputs[inputs.length - captures.length + index]
      const key = byObject.get(place)
      if (input !== undefined && key !== undefined) keys.set(inlined.nameOf(inlined.find(inlined.top, input)), key)
    }
  }
  return keys
}

/** The values of the variables among the nodes, by the names of their nodes. */
async function readVariables(
  nodes: readonly InlinedNode[],
  graph: ServingGraph,
  readSibling: ReadSibling | undefined,
  readMessage: MessageReader,
  budget: Budget,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const values = new Map<string, StoredTensor>()
  const holders = nodes.filter(({ operation }) => variableOperators.has(operation))
  if (holders.length === 0) return values
  if (readSibling === undefined) {
    throw new CheckpointError('The weights of this SavedModel are in other files.', {
      expected: `${variables}.index beside it`,
      remedy: 'Give the model as a path or an address, so that the files beside it can be read.',
    })
  }
  const index = await readSibling(`${variables}.index`)
  if (index === null) {
    throw new CheckpointError('The weights of this SavedModel are not beside it.', {
      expected: `${variables}.index`,
      remedy: 'Keep saved_model.pb in its folder, with the folder variables.',
    })
  }
  const bundle = readTensorBundle(index, variables, readSibling, readMessage, budget)
  const keys = await capturedKeys(graph, bundle, readMessage)
  for (const { name, attributes } of holders) {
    // TensorFlow 1 stores variables under their own names.
    const key = keys.get(name) ?? (attributes.text('shared_name') || name)
    const entry = bundle.entries.get(key)
    const tensor = entry === undefined ? null : await bundle.tensor(entry, name)
    if (tensor === null) {
      throw new CheckpointError('A variable of the graph is not in the checkpoint.', {
        tensor: name,
        expected: `${key} in ${variables}.index`,
        got: entry === undefined ? 'nothing' : `a value of TensorFlow's type ${entry.type}`,
      })
    }
    values.set(name, tensor)
  }
  return values
}

/**
 * Reads a SavedModel: `saved_model.pb`, and the variables in the folder beside it.
 * @throws CheckpointError if it is damaged, has no signature of a prediction, or operators that no MobileNetV2 has
 * @throws the errors of `readSibling`
 */
export async function readSavedModel(bytes: Uint8Array, budget: Budget, readSibling?: ReadSibling): Promise<CheckpointContent> {
  const readMessage = startMessages(budget)
  const { graph, version, inputs, outputs, objects } = servingGraph(bytes, readMessage)
  const definition = readGraphDef(graph, readMessage)
  const inlined = inlineGraph(definition, budget)
  const nodes = inlined.collect(outputs, dataInputs)
  const values = await readVariables(nodes, { definition, inlined, outputs, objects }, readSibling, readMessage, budget)
  const { tensors, graph: network } = networkOf(nodes, ({ name }) => values.get(name)!, readMessage, budget)
  checkFed(
    network.input,
    inputs.map((input) => inlined.nameOf(inlined.find(inlined.top, input))),
  )
  return {
    format: 'tensorflow-saved-model',
    tensors,
    graph: network,
    metadata: version === '' ? {} : { tensorflow_version: version },
  }
}
