import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Batch } from './batch.js'
import { prefix } from './bullmq.js'
import type { Redis } from './redis.js'

/** How far a run is. `run` is its name, and `batches` the number of its batches. */
export interface RunProgress {
  readonly run: string
  /** Pictures that were submitted. */
  readonly pictures: number
  /** Pictures that have an answer. */
  readonly done: number
  /** Pictures that have none. The list of failed pictures gives the reason of each. */
  readonly failed: number
  readonly batches: number
  /** Batches whose part of the result is written. */
  readonly finishedBatches: number
  /** Whether all pictures are submitted. */
  readonly isSubmitted: boolean
  /** Whether all pictures are submitted, and all batches finished. */
  readonly isComplete: boolean
  /** SHA-256 of the model that answers, in hexadecimal digits; null before the first batch. */
  readonly model: string | null
}

/** What is fixed when a run begins: where its result goes, and what is asked. */
export type RunTerms = Pick<Batch, 'parts' | 'question'>

/** Redis forgets a run this many seconds after its last batch: 30 days. */
const lifetime = 30 * 24 * 3600

const keysOf = (run: string): readonly [run: string, submitted: string, finished: string] => {
  // The braces put the keys of a run on one node of a cluster.
  const key = `${prefix}:run:{${run}}`
  return [key, `${key}:submitted`, `${key}:finished`]
}

// Redis runs a script as a whole, so that a batch counts once, however often it is reported.

const fix = `
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ${lifetime})
return redis.call('HGET', KEYS[1], ARGV[1])`

const submit = `
for at = 1, #ARGV, 2 do
  if redis.call('SADD', KEYS[2], ARGV[at]) == 1 then
    redis.call('HINCRBY', KEYS[1], 'batches', 1)
    redis.call('HINCRBY', KEYS[1], 'pictures', ARGV[at + 1])
  end
end
redis.call('EXPIRE', KEYS[2], ${lifetime})`

const finish = `
if redis.call('SADD', KEYS[3], ARGV[1]) == 1 then
  redis.call('HINCRBY', KEYS[1], 'finished', 1)
  redis.call('HINCRBY', KEYS[1], 'done', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'failed', ARGV[3])
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ${lifetime}) end`

/** Sets a field of a run if it is not set, and gives its value. */
async function fixField(redis: Redis, run: string, field: 'terms' | 'model' | 'submitted', value: string): Promise<string> {
  return (await redis.eval(fix, 1, keysOf(run)[0], field, value)) as string
}

/**
 * Begins or continues a run.
 * @throws MobileNetV2Error `OPTION` if a run of this name has another place for its result, or asks something else
 */
export async function beginRun(redis: Redis, run: string, terms: RunTerms): Promise<void> {
  const own = JSON.stringify(terms)
  const fixed = await fixField(redis, run, 'terms', own)
  if (fixed === own) return
  throw new MobileNetV2Error('OPTION', 'A run of this name has begun with other options.', {
    where: `run ${run}`,
    expected: fixed,
    got: own,
    remedy: 'Give the same options, or another name.',
  })
}

/** Counts batches as submitted. */
export async function countSubmitted(redis: Redis, run: string, batches: readonly Pick<Batch, 'id' | 'files'>[]): Promise<void> {
  await redis.eval(submit, 3, ...keysOf(run), ...batches.flatMap(({ id, files }) => [id, files.length]))
}

/** States that all pictures of a run are submitted. */
export async function endSubmission(redis: Redis, run: string): Promise<void> {
  await fixField(redis, run, 'submitted', 'all')
}

/** Counts a batch as finished, with the number of its pictures that have an answer and of those that have none. */
export async function countFinished(
  redis: Redis,
  { run, id }: Pick<Batch, 'run' | 'id'>,
  { done, failed }: Pick<RunProgress, 'done' | 'failed'>,
): Promise<void> {
  await redis.eval(finish, 3, ...keysOf(run), id, done, failed)
}

/** The batches that are not finished. */
export async function unfinished<Each extends Pick<Batch, 'id'>>(
  redis: Redis,
  run: string,
  batches: readonly Each[],
): Promise<Each[]> {
  const isFinished = await redis.smismember(keysOf(run)[2], ...batches.map(({ id }) => id))
  return batches.filter((_, index) => isFinished[index] !== 1)
}

/** The model that answers a run. It is the model of the first worker. */
export async function fixModel(redis: Redis, run: string, model: string): Promise<string> {
  return fixField(redis, run, 'model', model)
}

/**
 * How far a run is.
 * @throws MobileNetV2Error `QUEUE` if there is no such run
 */
export async function progressOf(redis: Redis, run: string, where: string): Promise<RunProgress> {
  const fields = await redis.hgetall(keysOf(run)[0])
  if (fields.terms === undefined) {
    throw new MobileNetV2Error('QUEUE', 'There is no run of this name.', {
      where: `run ${run} at ${where}`,
      remedy: 'Submit its pictures. Redis forgets a run 30 days after its last batch.',
    })
  }
  const count = (field: string): number => Number(fields[field] ?? 0)
  const [batches, finishedBatches] = [count('batches'), count('finished')]
  const isSubmitted = fields.submitted === 'all'
  return {
    run,
    pictures: count('pictures'),
    done: count('done'),
    failed: count('failed'),
    batches,
    finishedBatches,
    isSubmitted,
    isComplete: isSubmitted && finishedBatches === batches,
    model: fields.model ?? null,
  }
}
