import { MobileNetV2Error } from '@mobilenetv2/spec'

/** Most characters of a message of LanceDB: after the first sentence it names lines of LanceDB's source. */
const longest = 300

/** Errors of the system in LanceDB's messages, what they mean, and what to do. */
const remedies: readonly (readonly [pattern: RegExp, got: string, remedy: string])[] = [
  [/os error 28\b|no space left/i, 'the disk is full', 'Make room on the disk, then run it again. What was stored before is kept.'],
  [/os error 13\b|permission denied/i, 'this user has no permission for it', 'Give this user the permission.'],
  [/os error 30\b|read-only file system/i, 'the disk is read-only', 'Make the disk writable, or give another place.'],
]

/** The error for a failure of LanceDB. */
export function indexError(what: string, where: string, cause: unknown): MobileNetV2Error {
  if (cause instanceof MobileNetV2Error) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  const [, got = message.slice(0, longest), remedy] = remedies.find(([pattern]) => pattern.test(message)) ?? []
  return new MobileNetV2Error('SOURCE', what, { where, got, remedy, cause })
}
