import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { ask } from '../../engine/client.js'
import type { EnginePicture } from '../../engine/current.js'
import type { Opened } from '../../engine/operations.js'
import { attempt, tell } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { looksLikePicture, readable } from '../../state/picture.js'
import type { Learned } from './engine.js'
import {
  emptyClass,
  firstClasses,
  lessonKey,
  mostClasses,
  newId,
  objection,
  pictureCount,
  type Sample,
  type TaughtClass,
} from './lesson.js'
import { keep, readKept } from './storage.js'

/** What the classes came to when they were last learned. */
export interface Taught {
  readonly learned: Learned
  /** The classes' keys in the order of the logits: names may change after the training. */
  readonly keys: readonly number[]
  /** Which pictures were learned. */
  readonly lesson: string
  /** The model that learned them. */
  readonly by: Opened
}

/** A step that can be taken back. */
export interface Undoable {
  readonly what: string
  readonly classes: readonly TaughtClass[]
}

export const classes: Signal<readonly TaughtClass[]> = signal(firstClasses())
export const taught: Signal<Taught | null> = signal<Taught | null>(null)
/** How many pictures the training has looked at, and how many there are; null if no training is in progress. */
export const training: Signal<{ readonly done: number; readonly total: number } | null> = signal<{
  done: number
  total: number
} | null>(null)
export const undoable: Signal<Undoable | null> = signal<Undoable | null>(null)
/** Whether this browser keeps the lesson for the next visit; null until it is known. */
export const isKept: Signal<boolean | null> = signal<boolean | null>(null)

/** Whether there is a taught head for the model that is loaded. */
export const isTaught: ReadonlySignal<boolean> = computed(() => taught.value !== null && taught.value.by === opened.value)

/** Whether the classes or their pictures have changed since the head was trained. */
export const isStale: ReadonlySignal<boolean> = computed(
  () => taught.value !== null && taught.value.lesson !== lessonKey(classes.value),
)

/** What is in the way of a training; null if nothing is. */
export const obstacle: ReadonlySignal<string | null> = computed(() =>
  opened.value === null ? 'Wait for the model.' : objection(classes.value),
)

function change(key: number, to: (one: TaughtClass) => TaughtClass): void {
  classes.value = classes.value.map((one) => (one.key === key ? to(one) : one))
}

/** Does something that can be taken back. */
function undoably(what: string, next: readonly TaughtClass[]): void {
  batch(() => {
    undoable.value = { what, classes: classes.value }
    classes.value = next
  })
}

/** Takes the last step back. */
export function undo(): void {
  if (undoable.value === null) return
  batch(() => {
    classes.value = undoable.value!.classes
    undoable.value = null
  })
}

/** Adds a class, named by its number unless a name is given. */
export function addClass(name?: string): void {
  if (classes.value.length < mostClasses) classes.value = [...classes.value, emptyClass(classes.value, name)]
}

/** Gives a class another name; what was learned stays. */
export function rename(key: number, name: string): void {
  change(key, (one) => ({ ...one, name }))
}

/** Removes a class; `undo` brings it back. */
export function removeClass({ key, name }: TaughtClass): void {
  undoably(
    `“${name}” was removed.`,
    classes.value.filter((one) => one.key !== key),
  )
}

/** Removes one picture of a class. */
export function removeSample(key: number, id: string): void {
  undoably(
    'A picture was removed.',
    classes.value.map((one) => (one.key === key ? { ...one, samples: one.samples.filter((sample) => sample.id !== id) } : one)),
  )
}

/** Removes all pictures of a class. */
export function removeSamples({ key, name }: TaughtClass): void {
  undoably(
    `The pictures of “${name}” were removed.`,
    classes.value.map((one) => (one.key === key ? { ...one, samples: [] } : one)),
  )
}

/** Puts other classes in the place of those that are there. */
export function replaceClasses(
  what: string,
  next: readonly { readonly name: string; readonly samples: readonly Sample[] }[],
): void {
  const made = next
    .slice(0, mostClasses)
    .map(({ name, samples }, index) => ({ key: index + 1, name: name || `Class ${index + 1}`, samples }))
  batch(() => {
    if (pictureCount(classes.value) > 0) undoably(what, made)
    else classes.value = made
    taught.value = null
  })
}

/** Begins anew. */
export function startOver(): void {
  replaceClasses('Your classes were removed.', firstClasses())
}

/** A picture as a lesson keeps it: small, and of a kind that engines read. */
export async function sampleOf(picture: EnginePicture, name: string): Promise<Sample> {
  return { id: newId(), file: await ask('teach.gather', [picture instanceof Blob ? await readable(picture, name) : picture]) }
}

/** Adds a picture to a class; the model looks at it at once, so that the training need not wait for that. */
export async function addPicture(key: number, picture: EnginePicture, name: string): Promise<void> {
  const sample = await sampleOf(picture, name)
  change(key, (one) => ({ ...one, samples: [...one.samples, sample] }))
  if (opened.value !== null) await ask('teach.look', [sample])
}

/** Adds files to a class, one after the other; those that are no pictures are named. */
export async function addFiles(key: number, files: readonly File[]): Promise<void> {
  for (const file of files) {
    if (looksLikePicture(file)) await attempt(`${file.name} cannot be learned from.`, () => addPicture(key, file, file.name))
    else tell(`${file.name} is no picture.`, 'Drop JPEG, PNG, WebP or other pictures on a class.')
  }
}

let latest = 0

/** Trains the head on the classes as they are. */
export async function train(): Promise<void> {
  const by = opened.value
  const now = classes.value
  const mine = ++latest
  if (by === null || objection(now) !== null) return
  const samples = now.flatMap((one) => one.samples)
  await attempt('The training ended early.', async () => {
    try {
      for (const [done, sample] of samples.entries()) {
        if (mine !== latest) return
        training.value = { done, total: samples.length }
        await ask('teach.look', [sample])
      }
      training.value = { done: samples.length, total: samples.length }
      const lesson = now.map(({ name, samples: own }) => ({ name: name.trim(), pictures: own.map(({ id }) => id) }))
      const learned = await ask('teach.learn', [lesson])
      if (mine === latest) taught.value = { learned, keys: now.map(({ key }) => key), lesson: lessonKey(now), by }
    } finally {
      if (mine === latest) training.value = null
    }
  })
}

/** Whether the classes were learned when the page was last left. */
let wasTaught = false

/** Learns again what another model, or the page before a reload, had learned. */
function learnAgain(): void {
  const due = taught.peek() !== null || wasTaught
  if (opened.value === null || !due || taught.peek()?.by === opened.value || obstacle.peek() !== null) return
  wasTaught = false
  void train()
}

let restoring: Promise<void> | null = null

async function restore(): Promise<void> {
  try {
    const kept = await readKept()
    if (kept !== null && pictureCount(classes.value) === 0) {
      classes.value = kept.classes
      wasTaught = kept.taught
    }
    isKept.value = true
  } catch {
    // Some browsers keep nothing in private windows. The part works all the same, and says so.
    isKept.value = false
  }
  effect(learnAgain)
  effect(() => {
    const lesson = { classes: classes.value, taught: taught.value !== null || wasTaught }
    if (isKept.peek() !== false)
      keep(lesson).catch(() => {
        isKept.value = false
      })
  })
}

/** Brings back what was kept at an earlier visit, once, and keeps all changes from then on. */
export function restoreOnce(): Promise<void> {
  restoring ??= restore()
  return restoring
}
