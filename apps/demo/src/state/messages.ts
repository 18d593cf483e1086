import { type Signal, signal } from '@preact/signals'

/** A sentence for the user: what went wrong, and what to do. Null where all is well. */
export const notice: Signal<string | null> = signal<string | null>(null)

const sentences = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Shows what went wrong; `what` says which of the user's wishes it was. */
export function tell(what: string, error: unknown): void {
  notice.value = `${what}\n${sentences(error)}`
}

/** Does what the user asks for, and shows a sentence where it fails. */
export async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    tell(what, error)
  }
}
