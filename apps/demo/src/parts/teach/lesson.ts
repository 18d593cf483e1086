/** A picture to learn from. */
export interface Sample {
  readonly id: string
  readonly file: Blob
}

/** A class that the user has named, and its pictures. */
export interface TaughtClass {
  readonly key: number
  readonly name: string
  readonly samples: readonly Sample[]
}

/** How many classes a lesson has at most. */
export const mostClasses = 10

/** With fewer pictures a class cannot be learned. */
const fewest = 2

/** The name of the class that stands for everything else. */
export const nothingOfThese = 'None of these'

/** An id for a new picture. */
export function newId(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('-')
}

/** The next key for a class. */
function nextKey(classes: readonly TaughtClass[]): number {
  return Math.max(0, ...classes.map(({ key }) => key)) + 1
}

/** A class without pictures; named by its number unless a name is given. */
export function emptyClass(classes: readonly TaughtClass[], name?: string): TaughtClass {
  const key = nextKey(classes)
  return { key, name: name ?? `Class ${key}`, samples: [] }
}

/** What a visitor begins with. */
export function firstClasses(): readonly TaughtClass[] {
  const first = emptyClass([])
  return [first, emptyClass([first])]
}

/** How many pictures all classes have together. */
export function pictureCount(classes: readonly TaughtClass[]): number {
  return classes.reduce((sum, { samples }) => sum + samples.length, 0)
}

/** Which pictures a training learns from, as text: two lessons with the same text give the same head. Names do not count. */
export function lessonKey(classes: readonly TaughtClass[]): string {
  return classes.map(({ key, samples }) => `${key}:${samples.map(({ id }) => id).join(',')}`).join(';')
}

/** What is in the way of a training, as a sentence; null if nothing is. */
export function objection(classes: readonly TaughtClass[]): string | null {
  const names = classes.map(({ name }) => name.trim())
  if (classes.length < 2) return 'Add a second class.'
  if (names.includes('')) return 'Give every class a name.'
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) return `Two classes are called “${twice}”. Rename one of them.`
  const needy = classes.filter(({ samples }) => samples.length < fewest)
  if (needy.length === 0) return null
  const [first] = needy
  if (needy.length > 1) return `Add ${fewest} or more pictures to each class.`
  return `Add ${first!.samples.length === 0 ? 'pictures' : 'another picture'} to “${first!.name}”: a class needs ${fewest} or more.`
}

/** Whether it is worth suggesting a class for everything else: two or more classes have pictures, and none has such a name. */
export function lacksNothingOfThese(classes: readonly TaughtClass[]): boolean {
  const named = classes.some(({ name }) => /\b(none|nothing|other|else|background|empty)\b/i.test(name))
  return !named && classes.length < mostClasses && classes.filter(({ samples }) => samples.length > 0).length >= 2
}
