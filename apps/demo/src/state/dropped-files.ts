import type { UserFile } from '../engine/source.js'

/** A folder that is dropped has few files, if it is that of a model. */
const mostFiles = 1000

function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const more = (found: FileSystemEntry[]): Promise<FileSystemEntry[]> =>
    new Promise((resolve, reject) => {
      reader.readEntries((next) => {
        const all = [...found, ...next]
        // A reader gives some entries at a time, and none at the end.
        if (next.length === 0 || all.length > mostFiles) resolve(all)
        else more(all).then(resolve, reject)
      }, reject)
    })
  return more([])
}

async function filesIn(entry: FileSystemEntry): Promise<UserFile[]> {
  if (entry.isDirectory) return (await Promise.all((await entriesOf(entry as FileSystemDirectoryEntry)).map(filesIn))).flat()
  const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
  return [{ file, path: entry.fullPath.replace(/^\//, '') }]
}

/** The files that are dropped, those in folders too, with their paths. */
export async function filesOf(entries: readonly FileSystemEntry[]): Promise<readonly UserFile[]> {
  return (await Promise.all(entries.map(filesIn))).flat()
}

/** The address of the picture that was dragged from another page: of the picture itself, not of the page that a link around it leads to. */
function pictureAddress(link: string, html: string): string | null {
  const image = new DOMParser().parseFromString(html, 'text/html').querySelector('img')?.getAttribute('src')
  const address = image ?? link.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
  return /^(https?|data|blob):/.test(address) ? address.trim() : null
}

/**
 * A picture that was dragged from another page, which this browser fetches.
 * @throws Error in words for the visitor if there is none, or if its server does not let other pages read it
 */
export async function fetchPicture(link: string, html: string): Promise<readonly UserFile[]> {
  const address = pictureAddress(link, html)
  if (address === null) throw new Error('It is no file and no picture. Drop a picture, or the files of a model.')
  const response = await fetch(address, { referrerPolicy: 'no-referrer' }).catch((cause: unknown) => {
    throw new Error(
      'The page that this picture is on does not let other pages read it. Save the picture, then drop the file here.',
      { cause },
    )
  })
  if (!response.ok) throw new Error(`Its server answered ${response.status}. Save the picture, then drop the file here.`)
  const blob = await response.blob()
  const name = address.startsWith('data:') ? 'picture' : (new URL(address).pathname.split('/').at(-1) ?? 'picture')
  const file = new File([blob], decodeURIComponent(name) || 'picture', { type: blob.type })
  return [{ file, path: file.name }]
}
