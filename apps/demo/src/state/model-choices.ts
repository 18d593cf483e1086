import type { Source } from '../engine/source.js'

/** A model that can be chosen. */
export interface ModelChoice {
  readonly id: string
  readonly title: string
  readonly source: Source
}

interface ServedModel {
  readonly id: string
  readonly title: string
  readonly file: string
  readonly labels: string
}

/** The models that this site has beside it, the one to begin with first. */
export async function servedModels(): Promise<readonly ModelChoice[]> {
  const response = await fetch('models.json')
  const served: readonly ServedModel[] = response.ok ? await response.json() : []
  return served.map(({ id, title, file, labels }) => ({
    id,
    title,
    source: { kind: 'served', url: new URL(`models/${file}`, location.href.replace(/#.*$/, '')).href, labels },
  }))
}

/** The id of the model that `load` takes by itself, which the site carries if it was at hand when the site was built. */
export const firstModel = 'imagenet-1.0-224'
