import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { opened, openFiles } from '../../state/model.js'
import { download } from '../../view/download.js'
import { mostClasses, newId, pictureCount, type Sample } from './lesson.js'
import { imported } from './preview-state.js'
import { classes, replaceClasses } from './state.js'

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
