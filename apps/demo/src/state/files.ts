import type { UserFile } from '../engine/source.js'
import { droppedFiles } from './dropped-files.js'
import { attempt } from './messages.js'
import { openFiles } from './model.js'
import { choosePicture, looksLikePicture } from './picture.js'

/** Takes files that belong together: a picture, or else the files of one model. */
async function takeTogether(files: readonly UserFile[]): Promise<void> {
  const others = files.filter(({ file }) => !looksLikePicture(file))
  const [first] = files
  if (others.length > 0) await openFiles(others)
  else if (first !== undefined) await attempt('This picture cannot be shown.', () => choosePicture(first.file, first.file.name))
}

/** Takes files that were dropped, pasted or chosen together. */
export async function takeFiles(files: Iterable<File>): Promise<void> {
  await takeTogether(Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name })))
}

/** Takes a file that was chosen: a picture, or else a checkpoint. */
export function takeFile(file: File): Promise<void> {
  return takeFiles([file])
}

/** Takes files that are dropped on or pasted into the page, wherever no part of it takes them itself. */
export function takeFilesOfPage(): void {
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    if (event.defaultPrevented) return
    event.preventDefault()
    if (event.dataTransfer !== null) {
      const dropped = droppedFiles(event.dataTransfer)
      void attempt('What was dropped cannot be read.', async () => takeTogether(await dropped))
    }
  })
  addEventListener('paste', (event) => void takeFiles(event.clipboardData?.files ?? []))
}
