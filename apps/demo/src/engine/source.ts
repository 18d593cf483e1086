import { inatBirdLabels } from '@mobilenetv2/zoo'
import { type Network, type ReadNetworkOptions, readNetwork } from 'mobilenetv2'

/** Where a model comes from: a file that this site serves, an entry of the zoo, or a file of the user's. */
export type Source =
  | { readonly kind: 'served'; readonly url: string; readonly labels: string }
  | { readonly kind: 'zoo'; readonly id: string }
  | { readonly kind: 'file'; readonly file: File }

/** The labels that a served file's list names; undefined if the file itself tells, or has ImageNet's 1000 classes, which are known. */
async function labelsOf(list: string): Promise<readonly string[] | undefined> {
  return list === 'inat-birds' ? inatBirdLabels() : undefined
}

/** The network of a source. */
export async function readSource(source: Source, onProgress: ReadNetworkOptions['onProgress']): Promise<Network> {
  switch (source.kind) {
    case 'served':
      return readNetwork(source.url, { onProgress, labels: await labelsOf(source.labels) })
    case 'zoo':
      return readNetwork(source.id, { onProgress })
    case 'file':
      return readNetwork(source.file, { onProgress })
    default:
      return source satisfies never
  }
}
