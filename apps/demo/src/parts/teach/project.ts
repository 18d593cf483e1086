import { ask } from '../../engine/client.js'
import type { UserFile } from '../../engine/source.js'
import { attempt } from '../../state/messages.js'
import { opened, openFiles } from '../../state/model.js'
import { looksLikePicture } from '../../state/picture.js'
import { download } from '../../view/download.js'
import { mostClasses, newId, pictureCount, type Sample } from './lesson.js'
import { answering, chosen, imported } from './preview-state.js'
import { addClass, addFiles, classes, rename, replaceClasses } from './state.js'

const fileName = 'my-classes.zip'

/** Saves the classes with their pictures as one file. */
export function saveProject(): Promise<void> {
  return attempt('The project was not saved.', async () => {
    const content = classes.value.map(({ name, samples }) => ({ name, pictures: samples.map(({ file }) => file) }))
    download(new Blob([await ask('teach.saveProject', [content])], { type: 'application/zip' }), fileName)
  })
}

/** Opens a model that was taught here or elsewhere: it answers in the preview, and gives empty classes its names. */
async function openModel(file: File): Promise<void> {
  const before = opened.value
  await openFiles([{ file, path: file.name }])
  const by = opened.value
  if (by === null || by === before) return
  imported.value = { by, name: file.name }
  const { labels } = by.network.classes
  if (pictureCount(classes.value) === 0 && labels.length >= 2 && labels.length <= mostClasses)
    replaceClasses(
      '',
      labels.map((name) => ({ name, samples: [] })),
    )
}

/** Whether a file is a zip, by its first bytes. */
const isZip = async (file: Blob): Promise<boolean> => {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return first === 0x50 && second === 0x4b
}

/** Opens a project of this site, a zip of pictures in folders, or a model: one of this site, or an export of Teachable Machine. */
export function openFile(file: File): Promise<void> {
  return attempt(`${file.name} was not opened.`, async () => {
    const project = (await isZip(file)) ? await ask('teach.openProject', [file]) : null
    if (project === null) return openModel(file)
    const next: { readonly name: string; readonly samples: readonly Sample[] }[] = project.map(({ name, pictures }) => ({
      name,
      samples: pictures.map((picture) => ({ id: newId(), file: picture })),
    }))
    replaceClasses(`“${file.name}” took the place of your classes.`, next)
  })
}

/** The pictures in a zip, whatever folders they lie in. */
async function picturesIn(zip: File): Promise<readonly File[]> {
  const found = await ask('teach.openProject', [zip])
  if (found === null) throw new Error('There are no pictures in it.')
  return found
    .flatMap(({ pictures }) => pictures)
    .map((picture, index) => new File([picture], `picture ${index + 1}`, { type: picture.type }))
}

/** Adds files to a class: pictures, and the pictures in zips. */
export async function addAnything(key: number, files: readonly File[]): Promise<void> {
  for (const file of files) {
    if (await isZip(file)) await attempt(`${file.name} was not opened.`, async () => addFiles(key, await picturesIn(file)))
    else await addFiles(key, [file])
  }
}

/** Adds the pictures of folders: each folder is a class. */
async function addFolders(files: readonly UserFile[]): Promise<void> {
  for (const { file, path } of files) {
    const name = path.split('/').at(-2) ?? ''
    const known = classes.value.find((one) => one.name === name)
    const unused = classes.value.find(({ name: own, samples }) => samples.length === 0 && /^Class \d+$/.test(own))
    if (known === undefined && unused !== undefined) rename(unused.key, name)
    else if (known === undefined) addClass(name)
    const one = classes.value.find((now) => now.name === name)
    if (one === undefined) throw new Error(`There are more folders than the ${mostClasses} classes that can be taught.`)
    await addFiles(one.key, [file])
  }
}

/** Takes what is dropped on this part beside its classes: a project or a model, folders of pictures, or a picture to try. */
export function takeDropped(dropped: Promise<readonly UserFile[]>): Promise<void> {
  return attempt('What was dropped cannot be used.', async () => {
    const files = await dropped
    const [first] = files
    if (first === undefined) return
    const pictures = files.filter(({ file }) => looksLikePicture(file))
    if (pictures.length === 0) return files.length === 1 ? openFile(first.file) : openFiles(files)
    if (pictures.some(({ path }) => path.includes('/'))) return addFolders(pictures)
    if (answering.value === null) throw new Error('Drop pictures on one of the classes.')
    chosen.value = { file: pictures[0]!.file, name: pictures[0]!.file.name }
  })
}
