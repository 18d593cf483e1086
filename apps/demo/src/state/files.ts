import { type Signal, signal } from '@preact/signals'
import type { UserFile } from '../engine/source.js'
import { go, type PartName, route } from './address.js'
import { attempt } from './messages.js'
import { openFiles } from './model.js'
import { choosePicture, looksLikePicture } from './picture.js'

/** Whether something that can be dropped is held over the page. */
export const dragging: Signal<boolean> = signal(false)

/** The parts that show the picture; from any other one a picture leads to the first part. */
const showPictures: readonly PartName[] = ['classify', 'inside']

/** Takes files that belong together: a picture, or else the files of one model. */
async function takeTogether(files: readonly UserFile[]): Promise<void> {
  const others = files.filter(({ file }) => !looksLikePicture(file))
  const [first] = files
  if (others.length > 0) await openFiles(others)
  else if (first !== undefined) {
    await attempt('This picture was not taken.', async () => {
      await choosePicture(first.file, first.file.name)
      if (!showPictures.includes(route.value)) go('classify')
    })
  }
}

/** Takes files that were dropped, pasted or chosen together. */
export async function takeFiles(files: Iterable<File>): Promise<void> {
  await takeTogether(Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name })))
}

/** Takes a file that was chosen: a picture, or else a checkpoint. */
export function takeFile(file: File): Promise<void> {
  return takeFiles([file])
}

async function takeDropped(data: DataTransfer): Promise<void> {
  // Read while the event is handled: later the browser has let go of what was dropped.
  const items = Array.from(data.items)
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const given = Array.from(data.files, (file) => ({ file, path: file.name }))
  const link = data.getData('text/uri-list') || data.getData('text/plain')
  const page = data.getData('text/html')
  const { fetchPicture, filesOf } = await import('./dropped-files.js')
  const files = entries.length === 0 ? given : await filesOf(entries)
  await takeTogether(files.length > 0 ? files : await fetchPicture(link, page))
}

const carries = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.some((type) => ['Files', 'text/uri-list', 'text/html'].includes(type)) ?? false

/** Takes what is dropped on or pasted into the page, unless a part of the page takes it itself. */
export function takeFilesOfPage(): void {
  // How many nested elements the pointer is over.
  let depth = 0
  const over = (change: number): void => {
    depth = Math.max(0, depth + change)
    dragging.value = depth > 0
  }
  addEventListener('dragenter', (event) => carries(event) && over(1))
  addEventListener('dragleave', (event) => carries(event) && over(-1))
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    over(-depth)
    if (event.defaultPrevented) return
    event.preventDefault()
    const { dataTransfer } = event
    if (dataTransfer !== null) void attempt('What was dropped cannot be read.', () => takeDropped(dataTransfer))
  })
  addEventListener('paste', (event) => void takeFiles(event.clipboardData?.files ?? []))
}
