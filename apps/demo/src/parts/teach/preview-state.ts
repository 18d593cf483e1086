import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { ask } from '../../engine/client.js'
import type { EnginePicture } from '../../engine/current.js'
import type { Opened } from '../../engine/operations.js'
import { opened } from '../../state/model.js'
import { readable } from '../../state/picture.js'
import { classes, isTaught, taught } from './state.js'

/** A class and its probability. */
export interface Bar {
  readonly name: string
  readonly probability: number
  /** Of the class's card, from 1; null if the class has none. */
  readonly number: number | null
}

/** A model that was opened here and knows classes of its own, such as one of Teachable Machine. */
export interface Imported {
  readonly by: Opened
  readonly name: string
}

export const imported: Signal<Imported | null> = signal<Imported | null>(null)

/** What answers in the preview: the head that was trained here, or the model that was opened here. */
export const answering: ReadonlySignal<'taught' | 'imported' | null> = computed(() => {
  if (isTaught.value) return 'taught'
  return imported.value !== null && imported.value.by === opened.value ? 'imported' : null
})

/** The picture that was chosen for the preview; null while the camera or nothing is shown. */
export const chosen: Signal<{ readonly file: Blob; readonly name: string } | null> = signal<{ file: Blob; name: string } | null>(
  null,
)

/** The probabilities of the classes for a picture, in the order of the cards. Names are those that the cards have now. */
async function taughtBars(picture: EnginePicture): Promise<readonly Bar[]> {
  const { probabilities } = await ask('teach.answer', [picture])
  const keys = taught.value?.keys ?? []
  return keys.map((key, logit) => {
    const place = classes.value.findIndex((one) => one.key === key)
    return {
      name: classes.value[place]?.name ?? 'a removed class',
      probability: probabilities[logit] ?? 0,
      number: place < 0 ? null : place + 1,
    }
  })
}

async function importedBars(picture: EnginePicture): Promise<readonly Bar[]> {
  const { answers } = await ask('classify', [picture])
  return answers.map(({ label, probability }) => {
    const place = classes.value.findIndex(({ name }) => name === label)
    return { name: label, probability, number: place < 0 ? null : place + 1 }
  })
}

/** What the taught or opened model says of a picture. */
export async function barsFor(picture: EnginePicture, name: string): Promise<readonly Bar[]> {
  const own = picture instanceof Blob ? await readable(picture, name) : picture
  return answering.value === 'imported' ? importedBars(own) : taughtBars(own)
}
