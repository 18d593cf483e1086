/** Every code of an error: its `meaning`, and in `remedy` what to do. Codes are stable across versions. */
export const errorCodes = {
  OPTION: {
    meaning: 'An option is unknown, out of its range, or has no effect beside another option.',
    remedy: 'Correct the option that `details.where` names.',
  },
  CHECKPOINT: {
    meaning: 'A file is not a checkpoint that can be read, or it holds another architecture.',
    remedy: 'Check that the file is complete, and that it holds a MobileNetV2 or MobileNetV1.',
  },
  PARAMETERS: {
    meaning: 'Parameters do not fit the architecture, or they are not finite.',
    remedy: 'Use the parameters that were read or trained for this architecture.',
  },
  INPUT: {
    meaning: 'A tensor or a picture that a model was given has the wrong size or content, or the model has no such output.',
    remedy: 'Give what `details.expected` says. `preprocess` of @mobilenetv2/image makes an input of the right size.',
  },
  IMAGE: {
    meaning: 'A picture cannot be decoded or read.',
    remedy: 'Check that other programs open the picture, or convert it to JPEG or PNG.',
  },
  BACKEND: {
    meaning: 'A backend is not available here, or it cannot do what was asked of it.',
    remedy: 'Do what `details.remedy` says, or use another backend: `wasm` runs almost everywhere.',
  },
  SOURCE: {
    meaning: 'A model or a file cannot be found, read or downloaded.',
    remedy: 'Check its name and the network connection, then try again.',
  },
  QUEUE: {
    meaning: 'A queue of pictures cannot be reached or written, or a run in it cannot go on.',
    remedy: 'Check that Redis runs at the address, and the password in it.',
  },
  DISPOSED: {
    meaning: 'Something was used after its dispose().',
    remedy: 'Call dispose() after the last use, or make a new one.',
  },
} as const

/** The code of an error: a key of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes

/** The parts of an error after its first sentence. Each part but `cause` has a line of its own in the message. */
export interface ErrorDetails {
  /** The file, tensor, layer or option that the error is about. */
  readonly where?: string | undefined
  /** What would have been right. */
  readonly expected?: string | undefined
  /** What was found in its place. */
  readonly got?: string | undefined
  /** What to do. */
  readonly remedy?: string | undefined
  /** The error that led to this one. */
  readonly cause?: unknown
}

/** Most characters of a part that may quote a file. */
const longestPart = 300

/** Most characters of a part that lists attempts or remedies: each address of a model, and why it failed. */
const longestTrials = 600

/** Most characters of a part that lists the allowed values: the ids of the zoo take 800. */
const longestList = 1000

const labels = [
  ['where', 'where', longestPart],
  ['expected', 'expected', longestList],
  ['got', 'got', longestTrials],
  ['remedy', 'what to do', longestTrials],
] as const

/**
 * A text that is short enough for a message: of a long text only the two ends are kept. A text from a file may have any length.
 * @internal
 */
export function shortened(text: string, most: number = longestPart): string {
  return text.length > most ? `${text.slice(0, most / 2)}…${text.slice(-most / 2)}` : text
}

/**
 * Every error that this project throws on purpose is of this class or of one that extends it. The message contains all of the details, so
 * printing the error is enough. A part that is too long keeps its two ends, in the message and in `details`: 1000 characters of
 * `expected`, 600 of `got` and `remedy`, 300 of the others.
 * @example
 * ```ts
 * import { defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
 *
 * try {
 *   defineMobileNetV2({ classes: -1 })
 * } catch (error) {
 *   if (error instanceof MobileNetV2Error && error.code === 'OPTION') console.error(error.details.where) // option classes
 * }
 * ```
 */
export class MobileNetV2Error extends Error {
  override readonly name: string = 'MobileNetV2Error'
  /** Which kind of error it is; stable across versions. */
  readonly code: ErrorCode
  /** The parts of the message. */
  readonly details: ErrorDetails

  /** @param what the first sentence of the message */
  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    const shown: Record<string, unknown> = { ...details }
    const lines = labels.flatMap(([name, label, most]) => {
      const text = details[name]
      if (text === undefined) return []
      shown[name] = shortened(text, most)
      return [`${label}: ${shown[name]}`]
    })
    super([shortened(what), ...lines].join('\n  '), details)
    this.code = code
    this.details = shown
  }
}
