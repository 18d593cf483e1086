import { createHash } from 'node:crypto'
import type { Network } from '@mobilenetv2/weights'
import type { Precision } from '../backends.js'

/** SHA-256 of all that decides what a network answers: layers, weights, recipe, labels, and the numbers that it computes with. */
export function fingerprint(
  { architecture, parameters, preprocessing, classes }: Network,
  precision: Precision = 'float32',
): string {
  const { labels, background, output } = classes
  const facts = [architecture.layers, preprocessing, labels, background, output, precision]
  const hash = createHash('sha256').update(JSON.stringify(facts))
  for (const [id, { kernel, bias }] of parameters) {
    hash.update(id)
    for (const { buffer, byteOffset, byteLength } of [kernel, bias]) hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return hash.digest('hex')
}
