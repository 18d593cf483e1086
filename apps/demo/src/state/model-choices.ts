import { zooEntries, zooTitle } from '@mobilenetv2/zoo'
import type { Source } from '../engine/source.js'

/** A model of the page's list. */
export interface ModelChoice {
  readonly id: string
  readonly title: string
  readonly source: Source
  readonly group: 'here' | 'carried' | 'download' | 'yours'
}

interface ServedModel {
  readonly id: string
  readonly title: string
  readonly file: string
  readonly labels: string
}

async function servedModels(): Promise<readonly ServedModel[]> {
  const response = await fetch('models.json')
  return response.ok ? response.json() : []
}

/** Models that this site serves, the one that npm carries, and those that their publishers give to download, in this order. */
export async function listModels(): Promise<readonly ModelChoice[]> {
  const served = await servedModels()
  const carried = zooEntries.filter(({ location }) => location.kind === 'npm')
  const remote = zooEntries.filter(({ location }) => location.kind === 'file' && location.urls.length > 0)
  return [
    ...served.map(
      ({ id, title, file, labels }): ModelChoice => ({
        id,
        title,
        source: { kind: 'served', url: new URL(`models/${file}`, location.href).href, labels },
        group: 'here',
      }),
    ),
    ...carried.map(
      (entry): ModelChoice => ({ id: entry.id, title: zooTitle(entry), source: { kind: 'zoo', id: entry.id }, group: 'carried' }),
    ),
    ...remote.map(
      (entry): ModelChoice => ({ id: entry.id, title: zooTitle(entry), source: { kind: 'zoo', id: entry.id }, group: 'download' }),
    ),
  ]
}
