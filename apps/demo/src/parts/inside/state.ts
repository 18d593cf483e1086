import type { Signal } from '@preact/signals'
import { addressed } from '../../state/address.js'

/** The key of the chosen stage: the number of a block, or the name of a layer; the part "why" uses the same value. */
export const chosenBlock: Signal<string | null> = addressed('block')

/** The id of the chosen layer; null for the last one of its stage. */
export const chosenLayer: Signal<string | null> = addressed('layer', 'inside')

/** The index of the class that the heat map is of; null for the best answer's. */
export const chosenClass: Signal<string | null> = addressed('class', 'inside')

/** The width multiplier of the visitor's own design; null as published. */
export const designedWidth: Signal<string | null> = addressed('width', 'inside')

/** The height and width of the input of the visitor's own design; null as published. */
export const designedSize: Signal<string | null> = addressed('size', 'inside')
