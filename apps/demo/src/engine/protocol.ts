/** A question to the worker: the name of an operation and its arguments, without its job. */
export interface Asked {
  readonly kind: 'ask'
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

/** What the page says to the worker. */
export type Request = Asked | { readonly kind: 'cancel'; readonly id: number }

/** What the worker says of a question: how far it is, its answer, or why there is none. */
export type Reply =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: unknown }
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string; readonly code: string | null }

/**
 * The last argument of an operation that takes long: where it reports how far it is, and what ends it. Every operation is given one, so none
 * has optional arguments.
 */
export interface Job<Progress> {
  readonly report: (progress: Progress) => void
  readonly signal: AbortSignal
}
