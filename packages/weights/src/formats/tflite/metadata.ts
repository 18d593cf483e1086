import type { Budget } from '../budget.js'
import { countParts } from '../count-parts.js'
import { type FlatbufferTable, readFlatbuffer } from '../flatbuffer.js'
import { hasZip } from '../zip/end.js'

/** Fields of the tables in TensorFlow Lite's `metadata_schema.fbs`, by their order. */
const modelMetadata = { name: 0, description: 1, subgraphs: 3 } as const
const subgraphMetadata = { inputs: 2, outputs: 3 } as const
const tensorMetadata = { processUnits: 4, files: 6 } as const
const associatedFile = { name: 0, type: 2 } as const

/** `TENSOR_AXIS_LABELS` and `TENSOR_VALUE_LABELS` of `AssociatedFileType`. */
const labelFiles = new Set([2, 3])

const processUnit = { type: 0, options: 1 } as const
const normalizationOptions = { mean: 0, deviation: 1 } as const
const normalizationType = 1

const identifier = 'M001'

/** The metadata of a TFLite file. */
export interface TfliteMetadata {
  readonly labels: readonly string[] | null
  readonly normalization: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null
  readonly texts: Readonly<Record<string, string>>
}

function readNormalization(root: FlatbufferTable): TfliteMetadata['normalization'] {
  const [input] = root.tables(modelMetadata.subgraphs)[0]?.tables(subgraphMetadata.inputs) ?? []
  const unit = input?.tables(tensorMetadata.processUnits).find((table) => table.uint8(processUnit.type, 0) === normalizationType)
  const options = unit?.table(processUnit.options)
  if (!options) return null
  return { mean: options.float32s(normalizationOptions.mean), deviation: options.float32s(normalizationOptions.deviation) }
}

/** The file with the labels of the outputs, according to the metadata; null if there is none. */
function labelFileOf(root: FlatbufferTable): string | null {
  const outputs = root.tables(modelMetadata.subgraphs)[0]?.tables(subgraphMetadata.outputs) ?? []
  const files = outputs.flatMap((output) => output.tables(tensorMetadata.files))
  return files.find((file) => labelFiles.has(file.int8(associatedFile.type, 0)))?.text(associatedFile.name) ?? null
}

/** The lines of a text file in the zip that is appended to the model: the file of that name, else the only one. */
async function readLabels(bytes: Uint8Array, budget: Budget, named: string | null): Promise<readonly string[] | null> {
  if (!hasZip(bytes)) return null
  const { readZip } = await import('../zip/read.js')
  const entries = readZip(bytes, budget)
  const texts = [...entries.values()].filter(({ name }) => name.endsWith('.txt'))
  const file = (named === null ? undefined : entries.get(named)) ?? (texts.length === 1 ? texts[0] : undefined)
  if (file === undefined) return null
  const text = new TextDecoder().decode(file.read())
  countParts(text, '\n', budget)
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/**
 * Reads the metadata that TensorFlow Lite's tools add to a model: the normalisation of the input, and the labels.
 * @param entry gives the buffer of a metadata entry by its name
 * @throws CheckpointError if they are damaged
 */
export async function readTfliteMetadata(
  bytes: Uint8Array,
  budget: Budget,
  entry: (name: string) => Uint8Array | null,
): Promise<TfliteMetadata> {
  const buffer = entry('TFLITE_METADATA')
  if (buffer === null || new TextDecoder().decode(buffer.subarray(4, 8)) !== identifier)
    return { labels: await readLabels(bytes, budget, null), normalization: null, texts: {} }
  const root = readFlatbuffer(buffer, budget)
  const labels = await readLabels(bytes, budget, labelFileOf(root))
  const [name, description] = [root.text(modelMetadata.name), root.text(modelMetadata.description)]
  return {
    labels,
    normalization: readNormalization(root),
    texts: { ...(name === null ? {} : { name }), ...(description === null ? {} : { modelDescription: description }) },
  }
}
