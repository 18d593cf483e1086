import { MobileNetV2Error } from '@mobilenetv2/spec'
import { imagenetLabels, imagenetWordnetIds } from '@mobilenetv2/zoo/labels'

/** The classes of a model, without a background class. */
export interface ModelClasses {
  /** Names by class index; empty if nothing names the classes. */
  readonly labels: readonly string[]
  readonly count: number
}

/** The form in which names are compared: `Box_Turtle` and `box turtle` are the same, and so are both Unicode forms of an accent. */
function plain(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim()
}

/** The synonyms in a label, as in ImageNet's `tabby, tabby cat`. */
function synonymsOf(label: string): string[] {
  return label.split(',').map(plain)
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name)
}

function isWordnetId(name: string): boolean {
  return /^n\d{8}$/.test(name)
}

/** The WordNet ids by class index, if the classes are ImageNet's: at least half of the labels begin as ImageNet's do. Else empty. */
async function wordnetIdsOf({ labels }: ModelClasses): Promise<readonly string[]> {
  const imagenet = await imagenetLabels()
  if (labels.length !== imagenet.length) return []
  const same = labels.filter((label, index) => synonymsOf(label)[0] === synonymsOf(imagenet[index]!)[0]).length
  return same >= labels.length / 2 ? imagenetWordnetIds() : []
}

/** The indices of the classes that have a name; undefined if no class has it. */
type Lookup = (name: string) => readonly number[] | undefined

/** @param keyOf the form in which names are compared */
function lookupOf(namesOf: readonly (readonly string[])[], keyOf: (name: string) => string): Lookup {
  const table = new Map<string, number[]>()
  for (const [index, names] of namesOf.entries()) {
    for (const key of new Set(names.map(keyOf))) table.set(key, [...(table.get(key) ?? []), index])
  }
  return (name) => table.get(keyOf(name))
}

/**
 * The ways to look up a name, in the order in which they are tried. Exact labels come first, so that `Cat` and `cat` can be two classes.
 */
async function lookupsOf(names: readonly string[], model: ModelClasses): Promise<readonly Lookup[]> {
  const wordnetIds = names.some(isWordnetId) ? await wordnetIdsOf(model) : []
  const labels = model.labels.map((label) => [label])
  const synonyms = model.labels.map(synonymsOf)
  const firsts = synonyms.map(([first]) => [first!])
  const ids = wordnetIds.map((id) => [id])
  return [lookupOf(labels, (name) => name), ...[labels, firsts, synonyms, ids].map((namesOf) => lookupOf(namesOf, plain))]
}

/** How many names an error shows. */
const shownNames = 8

function some(names: readonly string[]): string {
  const rest = names.length - shownNames
  return [...names.slice(0, shownNames), ...(rest > 0 ? [`${rest.toLocaleString('en-US')} more`] : [])].join('; ')
}

function ambiguous(name: string, indices: readonly number[]): MobileNetV2Error {
  return new MobileNetV2Error('INPUT', 'A label of the pictures names several classes of the model.', {
    where: `label ${name}`,
    got: `the classes ${indices.join(' and ')}`,
    remedy: 'Use a synonym or the WordNet id of the class, or class indices for all pictures.',
  })
}

function unmatched(names: readonly string[], { labels, count }: ModelClasses): MobileNetV2Error {
  const indices = `class indices from 0 to ${count - 1}, without a background class`
  // The list of validation labels in ImageNet's development kit has classes from 1 to 1000.
  const isDevkit = count === 1000 && names.includes('1000')
  const what =
    names.length === 1
      ? '1 label of the pictures is not a class of the model.'
      : `${names.length.toLocaleString('en-US')} labels of the pictures are not classes of the model.`
  return new MobileNetV2Error('INPUT', what, {
    expected: labels.length === 0 ? `${indices}; this model has no labels` : `${some(labels)}; or ${indices}`,
    got: some(names),
    remedy: isDevkit
      ? "The classes in ILSVRC2012_validation_ground_truth.txt are in the order of ImageNet's development kit, which models do not use. Use a label file with WordNet ids, or with indices in the order of the WordNet ids."
      : names.every(isNumber)
        ? 'Numbers are read as class indices only if all labels of the pictures are numbers and no class has a number as its name.'
        : undefined,
  })
}

/**
 * Finds the class of a model for each name: by its label or a synonym in the label (upper and lower case are the same, and so are `_` and a
 * space); by its WordNet id if the classes are ImageNet's; or by its index, not counting a background class, if all names are numbers and
 * none is a label.
 * @returns class indices by name
 * @throws MobileNetV2Error `INPUT` if no class of the model has a name, or if several have it
 */
export async function matchClasses(names: ReadonlySet<string>, model: ModelClasses): Promise<ReadonlyMap<string, number>> {
  const all = [...names]
  const lookups = await lookupsOf(all, model)
  const found = all.map((name) => [name, lookups.map((lookup) => lookup(name)).find((each) => each !== undefined)] as const)
  const missing = found.flatMap(([name, indices]) => (indices === undefined ? [name] : []))
  if (missing.length === all.length) {
    const byIndex = all.map((name) => [name, isNumber(name) ? Number(name) : Number.NaN] as const)
    if (byIndex.every(([, index]) => index < model.count)) return new Map(byIndex)
  }
  if (missing.length > 0) throw unmatched(missing, model)
  return new Map(
    found.map(([name, indices]) => {
      if (indices!.length > 1) throw ambiguous(name, indices!)
      return [name, indices![0]!]
    }),
  )
}
