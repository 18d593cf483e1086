/** One worker, behind an interface that pages and Node have in common. */
export interface WorkerLink {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Says whether the process must wait for an answer of the worker. An idle worker does not keep the process from ending. */
  hold(waiting: boolean): void
  terminate(): void
}

export interface WorkerEvents {
  message(data: unknown): void
  /** The worker did not start, or ended by itself. */
  failure(cause: unknown): void
}

/** How many threads a page or process has. */
export interface HostThreads {
  /** The default number of workers of a model. 0 is the calling thread. */
  readonly usual: number
  /** The most workers that a model can have. */
  readonly most: number
  /** Why workers cannot share memory, so that there is at most one; null if they can. */
  readonly limit: string | null
}
