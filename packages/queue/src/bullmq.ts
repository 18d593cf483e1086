import { loadPackage } from './load-package.js'
import type { Redis } from './redis.js'

// The members of BullMQ that are used. The package is not installed where this is compiled.

/** A job that a worker has taken. */
export interface Job<Data, Progress> {
  readonly id?: string | undefined
  readonly data: Data
  readonly progress: Progress | number
  readonly attemptsMade: number
  /** How often a worker took this job and was then not heard of again. */
  readonly stalledCounter: number
  readonly opts: { readonly attempts?: number | undefined }
  updateProgress(progress: Progress): Promise<void>
  moveToDelayed(timestamp: number, token?: string): Promise<void>
}

interface JobOptions {
  readonly jobId: string
  readonly attempts: number
  readonly backoff: { readonly type: 'exponential'; readonly delay: number }
  readonly removeOnComplete: boolean
}

/** The states of jobs that are counted. */
export type JobState = 'waiting' | 'active' | 'delayed' | 'failed'

/** A queue, for adding and counting jobs. */
export interface Queue<Data> {
  on(event: 'error', listener: (error: unknown) => void): this
  addBulk(jobs: readonly { readonly name: string; readonly data: Data; readonly opts: JobOptions }[]): Promise<unknown>
  getJobCounts(...states: readonly JobState[]): Promise<Readonly<Record<JobState, number>>>
  getFailed(start: number, end: number): Promise<readonly { readonly failedReason?: string | undefined }[]>
  retryJobs(options: { readonly state: 'failed' }): Promise<void>
  exportPrometheusMetrics(): Promise<string>
  close(): Promise<void>
}

/** A worker, which takes jobs. */
export interface BullWorker {
  on(event: 'error', listener: (error: unknown) => void): this
  on(event: 'failed', listener: (job: unknown, error: Error) => void): this
  close(): Promise<void>
}

interface QueueOptions {
  readonly connection: Redis
  readonly prefix: string
}

interface WorkerOptions extends QueueOptions {
  readonly concurrency: number
  readonly maxStalledCount: number
  readonly lockDuration: number
  readonly stalledInterval: number
  readonly limiter?: { readonly max: number; readonly duration: number } | undefined
}

/** The members of `bullmq`. */
export interface BullMq {
  readonly Queue: new <Data>(name: string, options: QueueOptions) => Queue<Data>
  readonly Worker: new <Data, Progress>(
    name: string,
    process: (job: Job<Data, Progress>, token?: string) => Promise<unknown>,
    options: WorkerOptions,
  ) => BullWorker
  /** Thrown by a job that has moved itself to the delayed jobs. */
  readonly DelayedError: new () => Error
}

/** The name of the queue. */
export const queueName = 'pictures'

/** The beginning of all keys in Redis. */
export const prefix = 'mobilenetv2'

/**
 * Loads BullMQ.
 * @throws MobileNetV2Error `BACKEND` if it is not installed
 */
export function loadBullMq(): BullMq {
  return loadPackage<BullMq>('bullmq', 'A queue of pictures')
}
