/** Every code that an error of this project has: what it means, and what to do. A code is stable across versions. */
export const errorCodes = {
  OPTION: {
    meaning: 'An option is unknown, out of its range, or without effect together with another.',
    remedy: 'Correct the option that `details.where` names.',
  },
  CHECKPOINT: {
    meaning: 'A file is not a checkpoint that can be read, or it belongs to another architecture.',
    remedy: 'Check that the file is whole, and that it holds a MobileNet.',
  },
  PARAMETERS: {
    meaning: 'Parameters do not fit the architecture, or they are not finite.',
    remedy: 'Use the parameters that were read or trained for this architecture.',
  },
  INPUT: {
    meaning: 'A tensor or a picture that was given to a model has the wrong size or content, or an output does not exist.',
    remedy: 'Give what `details.expected` says; `preprocess` of @mobilenetv2/image makes an input of the right size.',
  },
  IMAGE: {
    meaning: 'A picture cannot be decoded or read.',
    remedy: 'Check that the picture opens elsewhere, or convert it to JPEG or PNG.',
  },
  BACKEND: {
    meaning: 'A backend is not available here, or it cannot do what was asked.',
    remedy: 'Do what `details.remedy` says, or use another backend; `wasm` runs almost everywhere.',
  },
  SOURCE: {
    meaning: 'A model or a file cannot be found or fetched.',
    remedy: 'Check its name and the network, then try again.',
  },
  DISPOSED: {
    meaning: 'Something was used after its dispose().',
    remedy: 'Dispose only after the last use, or make it anew.',
  },
} as const

/** The code of an error. */
export type ErrorCode = keyof typeof errorCodes

/** What an error says beside its first sentence; each part is optional and stands on a line of its own in the message. */
export interface ErrorDetails {
  /** The file, tensor, layer or option concerned. */
  readonly where?: string | undefined
  readonly expected?: string | undefined
  readonly got?: string | undefined
  /** What the reader can do about it. */
  readonly remedy?: string | undefined
  readonly cause?: unknown
}

/** Characters of a part of a message that may hold what a file says. */
const longestPart = 300

/** Characters of a part that lists what was tried, or what can be done: each address of a model, and why it failed. */
const longestTrials = 600

/** Characters of a part that lists what there is: the ids of the zoo take 800. */
const longestList = 1000

const labels = [
  ['where', 'where', longestPart],
  ['expected', 'expected', longestList],
  ['got', 'got', longestTrials],
  ['remedy', 'what to do', longestTrials],
] as const

/** A text that a message can hold: of a longer one, the two ends. A file's own texts may be of any length. */
export function shortened(text: string, most: number = longestPart): string {
  return text.length > most ? `${text.slice(0, most / 2)}…${text.slice(-most / 2)}` : text
}

/**
 * The base of every error that this project throws on purpose. `message` holds all of the details, so that printing the error
 * alone is enough; `code` is stable across versions. A part that is too long keeps its two
 * ends, in the message and in `details`: 1000 characters of `expected`, 600 of `got` and `remedy`, 300 of the others.
 */
export class MobileNetV2Error extends Error {
  override readonly name: string = 'MobileNetV2Error'
  readonly code: ErrorCode
  readonly details: ErrorDetails

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
