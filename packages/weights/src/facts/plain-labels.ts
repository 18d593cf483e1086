import type { PlainValue } from '../checkpoint.js'
import { type Budget, longestDescription } from '../formats/budget.js'
import { countParts } from '../formats/count-parts.js'
import { memberOf, type PlainRecord, plainJson, recordOf } from './plain.js'
import { readPythonLiteral } from './python-literal.js'

/** Labels in the order of the logits, and the path of the value that has them. */
export interface NamedLabels {
  readonly path: string
  readonly labels: readonly string[]
}

/** How deep a list of labels may be nested: `hyper_parameters.data.classes`. */
const deepest = 3

/** Most members of an object that are searched. */
const mostMembers = 1000

/** The names that programs give to lists of labels, in lower case and without `_` and `-`. */
const labelKey =
  /^(labels?|class(es)?|categor(y|ies)|names)$|^(label|class|category|cls)(s|es)?(names?|list|map|dict|mapping|index|indices|indexes|ids?)s?$|^(i|id|idx|index|int|label|class|cls|name|cat|category)s?(to|2)(id|idx|index|int|label|class|cls|name|cat|category)s?$/

/** What libraries call classes without a label. */
const placeholder = /^(LABEL_\d+|\s*)$/

/** The labels in the order of their indices; null unless each index from 0 on is there once. */
export function inOrder(entries: readonly (readonly [index: number, label: string])[]): string[] | null {
  const labels = new Array<string | undefined>(entries.length)
  for (const [index, label] of entries) {
    if (!Number.isInteger(index) || index < 0 || index >= entries.length || labels[index] !== undefined) return null
    labels[index] = label
  }
  return labels as string[]
}

/**
 * The label in a value: a text itself; the last text of a list such as Keras's `["n01440764", "tench"]`; the member `name` of an object.
 * Null if there is none.
 */
function labelOf(value: PlainValue): string | null {
  if (typeof value === 'string') return value
  if (Array.isArray(value))
    return value.length > 0 && value.every((part) => typeof part === 'string') ? (value.at(-1) ?? null) : null
  const name = memberOf(recordOf(value), 'name')
  return typeof name === 'string' ? name : null
}

function ofRecord(record: PlainRecord): string[] | null {
  const entries = Object.entries(record)
  if (entries.every(([key]) => /^\d+$/.test(key))) {
    const named = entries.map(([key, value]) => [Number(key), labelOf(value)] as const)
    return named.some(([, label]) => label === null) ? null : inOrder(named as [number, string][])
  }
  return entries.every(([, value]) => typeof value === 'number')
    ? inOrder(entries.map(([key, value]) => [value as number, key]))
    : null
}

function ofText(text: string, budget: Budget): string[] | null {
  if (text.length > longestDescription) return null
  const trimmed = text.trim()
  if (/^[{[(]/.test(trimmed)) {
    const value = plainJson(trimmed, budget) ?? readPythonLiteral(trimmed, budget)
    return value === null || typeof value === 'string' ? null : labelsOf(value, budget)
  }
  const separator = trimmed.includes('\n') ? '\n' : ','
  countParts(trimmed, separator, budget)
  const labels = trimmed.split(separator)
  return labels.length > 1 ? labels.map((label) => label.trim()) : null
}

/**
 * The labels in a value: an array of labels, an object of index to label or of label to index, or a text with one of these as JSON, as
 * Python prints it, or separated by commas or lines. Null if the value is none of these.
 * @throws CheckpointError if there are more labels than `budget` allows
 */
export function labelsOf(value: PlainValue, budget: Budget): string[] | null {
  if (typeof value === 'string') return ofText(value, budget)
  if (typeof value !== 'object' || value === null) return null
  const count = Array.isArray(value) ? value.length : Object.keys(value).length
  if (count === 0) return null
  budget.items(count, 'labels')
  const labels = Array.isArray(value) ? value.map(labelOf) : ofRecord(value as PlainRecord)
  if (labels === null || labels.includes(null) || labels.every((label) => placeholder.test(label!))) return null
  return labels as string[]
}

/** The labels in words: timm writes ids into `label_names`, and their descriptions into `label_descriptions`. */
function described(record: PlainRecord, labels: readonly string[]): readonly string[] {
  const descriptions = recordOf(memberOf(record, 'label_descriptions'))
  return labels.map((label) => {
    const description = memberOf(descriptions, label)
    return typeof description === 'string' ? description : label
  })
}

/** The lists of labels in an object and in the objects inside it, recognised by the names of members. The outer ones come first. */
export function labelsWithin(record: PlainRecord, budget: Budget): NamedLabels[] {
  const found: NamedLabels[] = []
  let level = [{ record, path: '' }]
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const members = level.flatMap(({ record: each, path: at }) =>
      Object.entries(each)
        .slice(0, mostMembers)
        .map(([name, value]) => ({ in: each, name, value, path: at === '' ? name : `${at}.${name}` })),
    )
    for (const member of members) {
      const labels = labelKey.test(member.name.toLowerCase().replace(/[_-]/g, '')) ? labelsOf(member.value, budget) : null
      if (labels !== null) found.push({ path: member.path.slice(0, 100), labels: described(member.in, labels) })
    }
    level = members.slice(0, mostMembers).flatMap(({ value, path: at }) => {
      const inner = recordOf(value)
      return inner === null ? [] : [{ record: inner, path: at }]
    })
  }
  return found
}
