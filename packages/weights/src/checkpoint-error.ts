import { MobileNetV2Error, shortened } from '@mobilenetv2/spec'

/** Where a checkpoint is wrong, and what the reader can do; each part is optional and stands in the message. */
export interface CheckpointErrorDetails {
  readonly file?: string | undefined
  readonly tensor?: string | undefined
  readonly expected?: string | undefined
  readonly got?: string | undefined
  readonly remedy?: string | undefined
  readonly cause?: unknown
}

/**
 * A file is not a checkpoint that can be read, or not one of the architecture that is asked for. Code `CHECKPOINT`; `file` and
 * `tensor` say where.
 */
export class CheckpointError extends MobileNetV2Error {
  override readonly name = 'CheckpointError'
  /** The first sentence of the message. */
  readonly what: string
  readonly file: string | null
  readonly tensor: string | null

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

/** The same error with the name of its file, if it has none yet. So a parser need not know the name of the file that it reads. */
export function inFile(error: CheckpointError, file: string): CheckpointError {
  if (error.file !== null) return error
  return new CheckpointError(error.what, { ...error.details, file, tensor: error.tensor ?? undefined })
}
