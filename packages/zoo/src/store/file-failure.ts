import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'

/** Whether an error says that there is no room: the disk, or this user's share of it, is full, or the file is too large. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error) ?? '')
}

/** Whether an error says that no file has the name. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')
}

/** A function for `catch` that throws the error for a path of the cache. */
export function cannotBe(done: 'read' | 'written', where: string): (cause: unknown) => never {
  return (cause) => {
    const { got, remedy } = systemError(cause)
    throw new MobileNetV2Error('SOURCE', `The cache of models cannot be ${done}.`, {
      where,
      got,
      remedy: `${remedy === undefined ? '' : `${remedy} Or: `}name a folder that can be ${done} in MOBILENETV2_CACHE`,
      cause,
    })
  }
}

/** The error for a file in the folder of models that cannot be read. */
export function unreadableFile(where: string, cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The file of a model cannot be read.', { where, ...systemError(cause), cause })
}

/** The error for a folder or device that has the name of a file. */
export function notAFile(where: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The name of a model in the cache is taken by something that is not a file.', {
    where,
    remedy: 'move or delete it, and load the model again',
  })
}
