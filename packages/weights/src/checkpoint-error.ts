import { MobileNetV2Error, shortened } from '@mobilenetv2/spec'

/** The parts of a `CheckpointError` after its first sentence. Each part but `cause` stands in the message. */
export interface CheckpointErrorDetails {
  /** What the file is called. */
  readonly file?: string | undefined
  /** The name of the tensor that is wrong. */
  readonly tensor?: string | undefined
  /** What would have been right. */
  readonly expected?: string | undefined
  /** What was found in its place. */
  readonly got?: string | undefined
  /** What to do. */
  readonly remedy?: string | undefined
  /** The error that led to this one. */
  readonly cause?: unknown
}

/** The error for a file that cannot be read as a checkpoint, or that holds another architecture. Its code is `CHECKPOINT`. */
export class CheckpointError extends MobileNetV2Error {
  override readonly name = 'CheckpointError'
  /** The first sentence of the message. */
  readonly what: string
  /** What the file is called; null if that is not known. */
  readonly file: string | null
  /** The name of the tensor that is wrong; null if the error is not about a tensor. */
  readonly tensor: string | null

  /** @param what the first sentence of the message */
  constructor(what: string, { file, tensor, ...rest }: CheckpointErrorDetails = {}) {
    const where = [file === undefined ? '' : `file ${file}`, tensor === undefined ? '' : `tensor ${tensor}`].filter(
      (part) => part !== '',
    )
    super('CHECKPOINT', what, where.length === 0 ? rest : { ...rest, where: where.join(', ') })
    this.what = shortened(what)
    this.file = file ?? null
    this.tensor = tensor === undefined ? null : shortened(tensor)
  }
}

/** The same error with the name of its file, unless it has one. A parser need not know the name of the file that it reads. */
export function inFile(error: CheckpointError, file: string): CheckpointError {
  if (error.file !== null) return error
  return new CheckpointError(error.what, { ...error.details, file, tensor: error.tensor ?? undefined })
}
