import { ask } from '../../engine/client.js'
import { type Example, examples } from '../../state/examples.js'
import { newId, nothingOfThese, type Sample } from './lesson.js'
import { sampleOf } from './state.js'

/** Which of the site's pictures show what. */
const lesson = [
  { name: 'Mountains', pictures: ['alps', 'lake'] },
  { name: 'Flowers', pictures: ['flower'] },
  { name: nothingOfThese, pictures: ['boats', 'barn', 'clock', 'soccer-ball', 'mushroom', 'balloon'] },
] as const

/** Where six cuts of a photo lie, as shares of the room that a cut leaves. */
const places = [0, 0.5, 1].flatMap((across) => [0, 1].map((down) => ({ across, down })))

/** The side of a cut, as a share of the photo's. */
const share = 0.6

/** A picture; of a photo also six overlapping cuts. */
async function samplesOf({ url, name, kind }: Example): Promise<Sample[]> {
  const photo = await (await fetch(url)).blob()
  if (kind === 'drawing') return [await sampleOf(photo, name)]
  const whole = await createImageBitmap(photo)
  const [width, height] = [Math.round(whole.width * share), Math.round(whole.height * share)]
  const cuts = await Promise.all(
    places.map(async ({ across, down }) => {
      const left = Math.round((whole.width - width) * across)
      const top = Math.round((whole.height - height) * down)
      return { id: newId(), file: await ask('teach.gather', [await createImageBitmap(whole, left, top, width, height)]) }
    }),
  )
  whole.close()
  return [await sampleOf(photo, name), ...cuts]
}

/** A lesson to try, of the site's pictures. */
export async function sampleLesson(): Promise<readonly { readonly name: string; readonly samples: readonly Sample[] }[]> {
  return Promise.all(
    lesson.map(async ({ name, pictures }) => {
      const found = examples.filter((example) => pictures.some((picture) => picture === example.name))
      return { name, samples: (await Promise.all(found.map(samplesOf))).flat() }
    }),
  )
}
