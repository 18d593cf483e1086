import { MobileNetV2Error } from '@mobilenetv2/spec'

/** What is known about a picture's file, so that a later run can tell whether it has changed. */
export interface FileState {
  /** The path or the address of the picture. An index has one row for each. */
  readonly path: string
  /** The size of the file in bytes; null if it is not known. */
  readonly size: number | null
  /** When the file was last modified, in whole milliseconds since 1970; null if it is not known. */
  readonly modified: number | null
  /** SHA-256 of the file's content, in hexadecimal digits; null if it could not be read. */
  readonly hash: string | null
}

/** A row for a picture that was read. */
export interface EmbeddedRow extends FileState {
  /** The pooled features `[channels]`. They are scaled to length 1 when they are stored. */
  readonly embedding: Float32Array
  /** The most probable class; null if the picture was not classified. */
  readonly label: string | null
  /** The probability of that class, from 0 to 1; null without a label. */
  readonly confidence: number | null
}

/** A row for a picture that could not be read. It is kept, so that the picture is not tried again until its file changes. */
export interface UnreadableRow extends FileState {
  /** Why the picture could not be read. */
  readonly problem: string
}

/** A row of an index. */
export type PictureRow = EmbeddedRow | UnreadableRow

/** The embedding of a picture, scaled to length 1.
 * @throws MobileNetV2Error `INPUT` if it has another length than the index's, or values that are not finite
 */
export function unitVector(embedding: Float32Array, channels: number, where: string): Float32Array {
  const squares = embedding.reduce((sum, value) => sum + value * value, 0)
  if (embedding.length !== channels || !Number.isFinite(squares)) {
    throw new MobileNetV2Error('INPUT', 'This is no embedding of the model of this index.', {
      where,
      expected: `${channels} finite values`,
      got: embedding.length === channels ? 'a value that is not finite' : `${embedding.length} values`,
    })
  }
  const length = Math.sqrt(squares)
  return length === 0 ? embedding : embedding.map((value) => value / length)
}
