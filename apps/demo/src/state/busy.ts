import { type Signal, signal } from '@preact/signals'

/**
 * What keeps the engine busy for long, as a sentence for the parts that wait for it: "A race is running, so …". Null if nothing
 * does.
 */
export const busy: Signal<string | null> = signal<string | null>(null)
