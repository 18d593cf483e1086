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

/** The files that are dropped, those in folders too, with their paths. Must be called while the event is handled. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<readonly UserFile[]> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const given = Array.from(files, (file) => ({ file, path: file.name }))
  return entries.length === 0 ? given : (await Promise.all(entries.map(filesIn))).flat()
}
