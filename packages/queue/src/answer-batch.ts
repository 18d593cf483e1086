import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import pMap from 'p-map'
import type { PictureAnswer, Question, ResultLine } from './answer.js'
import type { Batch } from './batch.js'
import { isS3, readS3 } from './s3.js'

/**
 * Answers for a picture: its path or URL, or the bytes of an object in a store. If it throws an error with the code `IMAGE`, or `SOURCE` for a
 * picture that is not there, the picture has no answer. After any other error the batch is tried again later.
 */
export type Answer = (picture: string | Uint8Array, question: Question) => Promise<PictureAnswer>

/** A batch of which some pictures have no answer for reasons that may pass. It is tried again later. */
export class TryAgainError extends Error {}

/** Codes of failures that may be gone a minute later. */
const passing = /EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|EIO|EMFILE|ENETUNREACH|ENFILE|EPIPE|ESTALE|ETIMEDOUT|EBUSY|UND_ERR/

/** Whether a picture could not be read at all. */
function isUnread(error: unknown): error is MobileNetV2Error {
  return error instanceof MobileNetV2Error && error.code === 'SOURCE'
}

/** Whether the reason why a picture has no answer may pass. */
function mayPass(error: unknown): boolean {
  // A picture that cannot be decoded. The error may come from another thread, as an instance of another class.
  if (Object(error).code === 'IMAGE') return false
  // Something other than the picture failed, such as a backend.
  if (!isUnread(error)) return true
  const [, status] = /^HTTP status (\d+)/.exec(error.details.got ?? '') ?? []
  if (status !== undefined) return ['408', '429'].includes(status) || status >= '500'
  const { cause } = error.details
  const codes = [cause, Object(cause).cause].map((each) => String(Object(each).code ?? ''))
  return passing.test(codes.join(' '))
}

/**
 * The failure for which a batch is tried again: one that may pass or, if no picture of the batch can be read, the first failure.
 */
function reasonToTryAgain(errors: readonly unknown[], pictures: number): unknown {
  // A disk is not mounted, or a store refuses the keys.
  const isAll = pictures > 1 && errors.length === pictures && errors.every(isUnread)
  return isAll ? errors[0] : errors.find(mayPass)
}

type Outcome = { readonly line: ResultLine; readonly error?: unknown }

async function answerOne(file: string, { question }: Pick<Batch, 'question'>, answer: Answer): Promise<Outcome> {
  try {
    return { line: { file, ...(await answer(isS3(file) ? await readS3(file) : file, question)) } }
  } catch (error) {
    return { line: { file, problem: messageOf(error) }, error }
  }
}

/**
 * Answers for the pictures of a batch. A picture that has no answer does not hold up the others.
 * @param atOnce how many pictures are given to `answer` at once
 * @param isLast whether failures that may pass are final
 * @throws TryAgainError if some pictures have no answer for a reason that may pass
 */
export async function answerBatch(batch: Batch, answer: Answer, atOnce: number, isLast: boolean): Promise<ResultLine[]> {
  const outcomes = await pMap(batch.files, (file) => answerOne(file, batch, answer), { concurrency: atOnce })
  const errors = outcomes.flatMap(({ error }) => (error === undefined ? [] : [error]))
  const first = reasonToTryAgain(errors, batch.files.length)
  if (first !== undefined && !isLast) throw new TryAgainError(messageOf(first), { cause: first })
  return outcomes.map(({ line }) => line)
}

/**
 * What Redis stores about a batch at which processes have ended: which picture is at work, and how often a process ended at each.
 */
export interface Suspicion {
  readonly at: number | null
  readonly ends: Readonly<Record<string, number>>
}

/** How often the process must have ended at a picture before that picture counts as the reason. */
const endsThatConvict = 2

/** The suspicion after the process ended once more. */
export function afterEnd({ at, ends }: Suspicion): Suspicion {
  return at === null ? { at, ends } : { at: null, ends: { ...ends, [at]: (ends[at] ?? 0) + 1 } }
}

/**
 * As `answerBatch`, one picture after the other, for a batch at which processes have ended. `remember` is told of each picture before it is
 * answered. So if the process ends again, the picture is known. A picture at which the process ended twice is left out.
 */
export async function answerCarefully(
  batch: Batch,
  answer: Answer,
  { ends }: Suspicion,
  remember: (suspicion: Suspicion) => Promise<void>,
): Promise<ResultLine[]> {
  const lines: ResultLine[] = []
  for (const [at, file] of batch.files.entries()) {
    if ((ends[at] ?? 0) >= endsThatConvict) {
      lines.push({ file, problem: `The process of the worker ended ${endsThatConvict} times while it had this picture.` })
      continue
    }
    await remember({ at, ends })
    lines.push((await answerOne(file, batch, answer)).line)
  }
  await remember({ at: null, ends })
  return lines
}
