import { createHash } from 'node:crypto'
import type { Preprocessing } from '@mobilenetv2/spec'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'

/** The parts of a network that decide which embedding a picture gets. */
export type EmbeddingNetwork = Pick<Network, 'architecture' | 'parameters' | 'preprocessing' | 'source'>

/** The model of an index, as its table states it. */
export interface IndexModel {
  /** The file from which the network was read. */
  readonly file: string
  /** SHA-256 of its layers and weights, in hexadecimal digits. */
  readonly hash: string
  /** How a picture becomes the network's input. */
  readonly recipe: Preprocessing
  /** Height and width of the input. */
  readonly input: readonly [height: number, width: number]
  /** The length of an embedding. */
  readonly channels: number
}

/** The values of a typed array as bytes. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength)

/**
 * Describes the model whose embeddings an index holds.
 * @throws MobileNetV2Error `INPUT` if the network has no pool, and so no embeddings
 * @example
 * ```ts
 * import { describeModel } from '@mobilenetv2/index'
 * import { readNetwork } from 'mobilenetv2'
 *
 * const { file, hash, channels } = describeModel(await readNetwork('mobilenet_v2.pth'))
 * ```
 */
export function describeModel({ architecture, parameters, preprocessing, source }: EmbeddingNetwork): IndexModel {
  const pool = architecture.layers.find(({ id }) => id === 'pool')
  if (pool === undefined) {
    throw new MobileNetV2Error('INPUT', 'This network has no pool, so it gives no embeddings.', {
      where: `file ${source.file}`,
      remedy: 'Use a network with a pool, as every published one has.',
    })
  }
  const hash = createHash('sha256').update(JSON.stringify(architecture.layers))
  for (const [id, { kernel, bias }] of parameters) hash.update(id).update(bytesOf(kernel)).update(bytesOf(bias))
  const { geometry, interpolation, mean, deviation } = preprocessing
  return {
    file: source.file,
    hash: hash.digest('hex'),
    recipe: { geometry, interpolation, mean, deviation },
    input: [architecture.input.height, architecture.input.width],
    channels: pool.output.channels,
  }
}
