import { type Signal, signal } from '@preact/signals'

/** What went wrong, in words for the visitor. */
export interface Notice {
  /** The first line says what did not work, the others why and what to do. */
  readonly text: string
  /** Tries again what did not work; null if that would not help. */
  readonly retry: (() => void) | null
}

/** Null where all is well. */
export const notice: Signal<Notice | null> = signal<Notice | null>(null)

/** Shows what went wrong; `what` says which of the visitor's wishes it was. */
export function tell(what: string, error: unknown, retry: (() => void) | null = null): void {
  // A wish that was cancelled did not fail.
  if (error instanceof DOMException && error.name === 'AbortError') return
  notice.value = { text: `${what}\n${error instanceof Error ? error.message : String(error)}`, retry }
}

/** Does what the visitor asks for, and says in words if it fails; `again` is what the button Try again does. */
export async function attempt(what: string, work: () => Promise<void>, again: (() => void) | null = null): Promise<void> {
  try {
    await work()
  } catch (error) {
    tell(what, error, again)
  }
}
