import { type Network, type ReadNetworkOptions, readNetwork } from 'mobilenetv2'

/** A file of the user's, with its path from the folder in which it was chosen. A `File` itself loses that on its way to the engine. */
export interface UserFile {
  readonly file: File
  readonly path: string
}

/** Where a model comes from: a file that this site serves, an entry of the zoo, or the user's own: a file, or the files of one model. */
export type Source =
  | { readonly kind: 'served'; readonly url: string; readonly labels: string }
  | { readonly kind: 'zoo'; readonly id: string }
  | { readonly kind: 'files'; readonly files: readonly UserFile[] }

/**
 * The labels of a served file, by the name of their list. Undefined if the file names its classes itself, or has ImageNet's 1000,
 * which `readNetwork` knows.
 */
async function labelsOf(list: string): Promise<readonly string[] | undefined> {
  return list === 'inat-birds' ? (await import('@mobilenetv2/zoo')).inatBirdLabels() : undefined
}

/** A file that has its path again. */
function withPath({ file, path }: UserFile): File {
  return path === file.name ? file : Object.defineProperty(file, 'webkitRelativePath', { value: path })
}

/** The network of a source. */
export async function readSource(source: Source, options: Pick<ReadNetworkOptions, 'onProgress' | 'signal'>): Promise<Network> {
  switch (source.kind) {
    case 'served':
      return readNetwork(source.url, { ...options, labels: await labelsOf(source.labels) })
    case 'zoo':
      // Imported when it is needed, so that the first load does not contain the zoo's store of files.
      ;(await import('@mobilenetv2/zoo/nsfwjs')).provideNsfwjs()
      return readNetwork(source.id, options)
    case 'files':
      return readNetwork(source.files.map(withPath), options)
    default:
      return source satisfies never
  }
}
