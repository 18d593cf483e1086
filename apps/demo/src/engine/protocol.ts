/** A question to the worker: the name of an operation and its arguments, without the function that reports. */
export interface Request {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

/** What the worker says of a question: how far it is, its answer, or why there is none. */
export type Reply =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: unknown }
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string }
