import type { Preprocessing } from '@mobilenetv2/spec'
import { zipSync } from 'fflate'
import { Builder, type Offset } from 'flatbuffers'
import { descriptionKey } from '../../checkpoint.js'
import type { WrittenDescription } from '../describe-network.js'
import type { GraphWriter, TensorIndex } from './graph-writer.js'
import { writeFloats, writeOffsets } from './schema.js'

/** The name of the metadata in a model. */
const metadataName = 'TFLITE_METADATA'

/** The identifier before the tables of the metadata. */
const fileIdentifier = 'M001'

/** The name of the file of labels, which TensorFlow Lite's own tools use. */
const labelsFile = 'labels.txt'

/** Numbers of `ProcessUnitOptions` and `AssociatedFileType`. */
const normalizationOptions = 1
const tensorAxisLabels = 2

/** The fields of a table by their numbers. Each is an offset to something written before, or the value of a byte. */
type Fields = Readonly<Record<number, Offset | { readonly byte: number }>>

function writeFields(builder: Builder, fields: Fields): Offset {
  const numbers = Object.keys(fields).map(Number)
  builder.startObject(Math.max(...numbers) + 1)
  for (const number of numbers) {
    const field = fields[number]!
    if (typeof field === 'number') builder.addFieldOffset(number, field, 0)
    else builder.addFieldInt8(number, field.byte, 0)
  }
  return builder.endObject()
}

/**
 * The metadata of a model (`metadata_schema.fbs` of TensorFlow Lite): the normalisation of its input, on the scale from 0 to 255, and the
 * name of the file of labels.
 * @param outputName the meaning of the output, for people
 */
function writeMetadata({ mean, deviation }: Preprocessing, outputName: string, hasLabels: boolean): Uint8Array {
  const builder = new Builder(1024)
  const levels = (values: readonly number[]): Offset =>
    writeFloats(
      builder,
      values.map((value) => 255 * value),
    )
  const normalization = writeFields(builder, { 0: levels(mean), 1: levels(deviation) })
  const unit = writeFields(builder, { 0: { byte: normalizationOptions }, 1: normalization })
  const input = writeFields(builder, { 0: builder.createString('image'), 4: writeOffsets(builder, [unit]) })
  const outputFields: Record<number, Offset> = { 0: builder.createString(outputName) }
  if (hasLabels) {
    const file = writeFields(builder, { 0: builder.createString(labelsFile), 2: { byte: tensorAxisLabels } })
    outputFields[6] = writeOffsets(builder, [file])
  }
  const output = writeFields(builder, outputFields)
  const [inputs, outputs] = [writeOffsets(builder, [input]), writeOffsets(builder, [output])]
  const subgraphs = writeOffsets(builder, [writeFields(builder, { 2: inputs, 3: outputs })])
  builder.finish(writeFields(builder, { 3: subgraphs }), fileIdentifier)
  return builder.asUint8Array().slice()
}

/** The places of offsets in a zip: in its end, which has 22 bytes, and in an entry of its directory (APPNOTE 4.3.12 and 4.3.16). */
const zipEnd = { bytes: 22, directory: 16 } as const
const entryOffset = 42

/** A model with its labels, one in each line, in a zip after it. TensorFlow Lite's tools look for files there. */
function withLabels(model: Uint8Array, labels: readonly string[]): Uint8Array {
  const text = new TextEncoder().encode(labels.map((label) => `${label.replaceAll(/[\r\n]+/g, ' ')}\n`).join(''))
  // A fixed time, so that the file is the same each time. The years of ZIP begin with 1980.
  const zip = zipSync({ [labelsFile]: text }, { level: 0, mtime: '1980-01-01T00:00:00' })
  // Offsets count from the beginning of the file, as Python's `zipfile`, which those tools use, writes them.
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const directoryAt = zip.length - zipEnd.bytes + zipEnd.directory
  const directory = view.getUint32(directoryAt, true)
  for (const at of [directoryAt, directory + entryOffset]) view.setUint32(at, view.getUint32(at, true) + model.length, true)
  const file = new Uint8Array(model.length + zip.length)
  file.set(model)
  file.set(zip, model.length)
  return file
}

/** A model of one input and one output that is not complete yet. */
export interface UnfinishedModel {
  readonly graph: GraphWriter
  readonly input: TensorIndex
  readonly output: TensorIndex
  /** The meaning of the output, for people. */
  readonly outputName: 'logits' | 'probability' | 'features'
}

/**
 * Completes the file. The normalisation and the labels are where TensorFlow Lite's own tools look for them. Their metadata have no
 * fields for the cropping and resizing of pictures, and none for a background class, so this project's description is an entry of
 * its own.
 * @param description the description of the network; null for a network of layers only
 */
export function finishModel(
  { graph, input, output, outputName }: UnfinishedModel,
  preprocessing: Preprocessing | undefined,
  description: WrittenDescription | null,
): Uint8Array {
  if (description === null || preprocessing === undefined) return graph.finish([input], [output])
  const { json, labels } = description
  graph.metadata(metadataName, writeMetadata(preprocessing, outputName, labels.length > 0))
  graph.metadata(descriptionKey, new TextEncoder().encode(json))
  const file = graph.finish([input], [output])
  return labels.length === 0 ? file : withLabels(file, labels)
}
