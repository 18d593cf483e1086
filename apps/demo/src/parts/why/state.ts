import { type Signal, signal } from '@preact/signals'
import { addressed } from '../../state/address.js'

/** The dimensions that the spiral goes through; null if the story decides. */
export const chosenDimensions: Signal<string | null> = addressed('n', 'why')

/** The seed of the random matrix; null for the usual one. */
export const chosenSeed: Signal<string | null> = addressed('seed', 'why')

/** The dimensions of the story's step that is being read. */
export const toldDimensions: Signal<number> = signal(5)
