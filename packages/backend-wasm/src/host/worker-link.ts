/** One worker, as its host hands it over. */
export interface WorkerLink {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Whether the process must stay until the worker has answered; an idle worker keeps none from ending. */
  hold(waiting: boolean): void
  terminate(): void
}

export interface WorkerEvents {
  message(data: unknown): void
  /** The worker did not start, or ended by itself. */
  failure(cause: unknown): void
}

/** How many threads the host gives. */
export interface HostThreads {
  /** Workers of a model that asks for no number. 0 is the calling thread. */
  readonly usual: number
  /** The most workers that a model can have. */
  readonly most: number
  /** Why workers cannot share memory, so that there is one at most; null if they can. */
  readonly limit: string | null
}
