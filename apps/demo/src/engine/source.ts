import { inferOptions, type ModelDescription, readCheckpoint } from '@mobilenetv2/weights'
import { imagenetLabels, inatBirdLabels, isZooId, openZooModel } from '@mobilenetv2/zoo'

/** Where a model comes from: a file that this site serves, an entry of the zoo, or a file of the user's. */
export type Source =
  | { readonly kind: 'served'; readonly url: string; readonly labels: string }
  | { readonly kind: 'zoo'; readonly id: string }
  | { readonly kind: 'file'; readonly file: File }

/** The labels that a served file's list names; null where the file itself tells. */
export async function labelsOf(source: Source): Promise<readonly string[] | null> {
  if (source.kind !== 'served') return null
  if (source.labels === 'inat-birds') return inatBirdLabels()
  return source.labels === 'imagenet' ? imagenetLabels() : null
}

/** What `load` takes. */
export function toLoad(source: Source): string | File {
  switch (source.kind) {
    case 'served':
      return source.url
    case 'zoo':
      return source.id
    case 'file':
      return source.file
    default:
      return source satisfies never
  }
}

/** What the model's file says of it, read anew. */
export async function describe(source: Source): Promise<ModelDescription> {
  if (source.kind === 'file') return inferOptions(await readCheckpoint(source.file.stream(), { file: source.file.name }))
  if (source.kind === 'served') return inferOptions(await readCheckpoint(await fetch(source.url), { file: source.url }))
  if (!isZooId(source.id)) throw new Error(`The zoo has no ${source.id}.`)
  const { bytes, file, readSibling, entry } = await openZooModel(source.id)
  const inferred = inferOptions(await readCheckpoint(bytes, { file, ...(readSibling && { readSibling }) }))
  return { ...inferred, preprocessing: entry.preprocessing ?? inferred.preprocessing }
}
