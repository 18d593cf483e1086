import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { ask } from '../../engine/client.js'
import type { Classified, Opened } from '../../engine/operations.js'
import { route } from '../../state/address.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { type ChosenPicture, chooseExample, firstExample, picture } from '../../state/picture.js'
import { answerTitle } from '../../view/class-name.js'
import { percent } from '../../view/numbers.js'

/** What the camera has done so far. */
export interface Pace {
  readonly perSecond: number
  readonly classified: number
  readonly dropped: number
}

/** Whether a picture has been classified since the page was opened: the first one also pays for code that is fetched for it. */
let warm = false

interface Seen {
  readonly picture: ChosenPicture
  readonly model: Opened
  readonly classified: Classified
}

const seen: Signal<Seen | null> = signal<Seen | null>(null)

/** The camera; null while it is off. */
export const stream: Signal<MediaStream | null> = signal<MediaStream | null>(null)

/** The answer to the camera's latest frame. */
export const live: Signal<{ readonly classified: Classified; readonly pace: Pace; readonly model: Opened } | null> = signal<{
  readonly classified: Classified
  readonly pace: Pace
  readonly model: Opened
} | null>(null)

/** Whether the heat map lies over the picture. */
export const heated: Signal<boolean> = signal(false)

/** The answers to what is on the stage, by the model that is loaded; null until they are there. */
export const result: ReadonlySignal<Classified | null> = computed(() => {
  if (stream.value !== null) return live.value?.model === opened.value ? (live.value?.classified ?? null) : null
  const now = seen.value
  return now !== null && now.picture === picture.value && now.model === opened.value ? now.classified : null
})

/** Milliseconds for which an answer to the camera must stand before it is said: frames differ, and speech is slow. */
const steady = 1200

/** What a screen reader is told. */
export const spoken: Signal<string> = signal('')
let candidate = ''
let since = 0

function speak(): void {
  const best = result.value?.answers[0]
  if (best === undefined) return
  if (stream.value === null) {
    spoken.value = `${answerTitle(best)}, ${percent(best.probability)}`
    return
  }
  const now = performance.now()
  if (answerTitle(best) !== candidate) {
    candidate = answerTitle(best)
    since = now
  } else if (now - since > steady && spoken.peek() !== candidate) spoken.value = candidate
}

/** Classifies what is on the stage whenever the picture or the model changes. Begins with the first example. */
export function startClassifying(): void {
  effect(() => {
    const [chosen, model] = [picture.value, opened.value]
    if (chosen === null || model === null || stream.value !== null || route.value !== 'classify') return
    const before = seen.peek()
    if (before?.picture === chosen && before.model === model) return
    let current = true
    void attempt(`${chosen.name} was not classified.`, async () => {
      try {
        const classified = await ask('classify', [chosen.file])
        if (current) seen.value = { picture: chosen, model, classified }
        if (warm) return
        warm = true
        // The answer is shown already. Its times are measured again, because the first run is slower.
        const again = await ask('classify', [chosen.file])
        if (current) seen.value = { picture: chosen, model, classified: again }
      } catch (error) {
        // An error about a picture that is no longer shown is not reported.
        if (current) throw error
      }
    })
    return () => {
      current = false
    }
  })
  effect(speak)
  const begin = (): Promise<void> =>
    attempt(
      'The first picture was not loaded. Check that you are online.',
      () => chooseExample(firstExample),
      () => void begin(),
    )
  void begin()
}
