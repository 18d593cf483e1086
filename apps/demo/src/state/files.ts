import { attempt } from './messages.js'
import { openFile } from './model.js'
import { choosePicture, looksLikePicture } from './picture.js'

/** Takes a file that was dropped, pasted or chosen: a picture, or else a checkpoint. */
export async function takeFile(file: File): Promise<void> {
  if (looksLikePicture(file)) await attempt('This picture cannot be shown.', () => choosePicture(file, file.name))
  else await openFile(file)
}

/** Takes files that are dropped on or pasted into the page, wherever no part of it takes them itself. */
export function takeFilesOfPage(): void {
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    if (event.defaultPrevented) return
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    if (file !== undefined) void takeFile(file)
  })
  addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? []
    if (file !== undefined) void takeFile(file)
  })
}
