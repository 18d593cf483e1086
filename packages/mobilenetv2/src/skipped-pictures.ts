import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { PictureSource } from './picture-source.js'

/** A labelled `picture` that could not be read, and the `error` that says why. */
export interface SkippedPicture {
  readonly picture: PictureSource
  /** Its label, as it was given. */
  readonly label: string
  readonly error: unknown
}

/** Whether an error concerns one picture only, so that the others can go on. */
export function isOfPicture(error: unknown): boolean {
  return error instanceof MobileNetV2Error && (error.code === 'IMAGE' || error.code === 'SOURCE')
}

/** The error if none of the pictures can be read. It has the first picture's reason. */
export function noneCanBeRead([first]: readonly SkippedPicture[]): MobileNetV2Error {
  const cause = first?.error
  return new MobileNetV2Error('IMAGE', 'None of the pictures can be read.', {
    where: typeof first?.picture === 'string' ? first.picture : undefined,
    got: cause instanceof Error ? cause.message : undefined,
    cause,
  })
}
