/** The stable codes of every error that this project throws on purpose. */
export type ErrorCode =
  | 'OPTION' // an option is out of its range
  | 'CHECKPOINT' // a file is not a checkpoint that can be read, or not one of this architecture
  | 'PARAMETERS' // parameters do not fit the architecture
  | 'INPUT' // a tensor or picture given to a model has the wrong size or content
  | 'IMAGE' // a picture cannot be decoded
  | 'BACKEND' // a backend is not available, or cannot do what was asked
  | 'SOURCE' // a model or file cannot be found or fetched
  | 'DISPOSED' // something was used after its dispose()

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

/**
 * The base of every error that this project throws on purpose. `message` holds all of the details, so that printing the error
 * alone is enough; `code` is stable across versions.
 */
export class MobileNetV2Error extends Error {
  override readonly name: string = 'MobileNetV2Error'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    const lines = [
      what,
      details.where === undefined ? '' : `where: ${details.where}`,
      details.expected === undefined ? '' : `expected: ${details.expected}`,
      details.got === undefined ? '' : `got: ${details.got}`,
      details.remedy === undefined ? '' : `what to do: ${details.remedy}`,
    ]
    super(lines.filter((line) => line !== '').join('\n  '), details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.details = details
  }
}
