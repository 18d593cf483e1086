import { type ZooEntry, zooCosts, zooEntries, zooTitle } from '@mobilenetv2/zoo'
import type { ModelChoice } from './model-choices.js'

/** A model of the zoo, with what its publisher says of it. */
export interface ZooChoice extends ModelChoice {
  readonly entry: ZooEntry
  /** The bytes to download; if the publisher does not state them, those of the weights. */
  readonly bytes: number
  readonly parameters: number
}

/** The models of the zoo that a page can have: those with an address, and those that npm carries. */
export const zooChoices: readonly ZooChoice[] = zooEntries
  .filter(({ location }) => location.kind === 'npm' || location.urls.length > 0)
  .map((entry) => {
    const { weightBytes, parameters } = zooCosts(entry)
    const bytes = entry.location.kind === 'file' ? (entry.location.bytes ?? weightBytes) : weightBytes
    return { id: entry.id, title: zooTitle(entry), source: { kind: 'zoo', id: entry.id }, entry, bytes, parameters }
  })
