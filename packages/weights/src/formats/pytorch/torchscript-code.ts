import type { Budget } from '../budget.js'
import type { PickleValue } from '../pickle/value.js'
import { isInstance } from '../pickle/value.js'
import type { ZipEntry } from '../zip/read.js'

/** The stride, padding and dilation of a window in a call, as scripts and traces write them. */
const convolution =
  /torch\.(?:_convolution|conv2d)\([^[\]\n]{0,500}\[(\d{1,4}), (\d{1,4})\], \[(\d{1,4}), (\d{1,4})\], \[(\d{1,4}), (\d{1,4})\]/

/** The padding mode of a convolution, and the epsilon of a BatchNorm, as scripts state them. */
const border = /^ {2}padding_mode : Final\[str\] = "(\w{1,40})"/m
const outerBorder = /torch\.(?:pad|reflection_pad2d|replication_pad2d)\([^\n]{0,500}"(reflect|replicate|circular)"/
const epsilon = /^ {2}eps : Final\[float\] = ([\d.e+-]{1,40})$/m

/** The attributes that the code of a class states about its layer. */
function stated(code: string): [string, PickleValue][] {
  const [, ...numbers] = convolution.exec(code) ?? []
  const [mode, eps] = [(border.exec(code) ?? outerBorder.exec(code))?.[1], epsilon.exec(code)?.[1]]
  const pairs = ['stride', 'padding', 'dilation'].map((name, index): [string, PickleValue] => [
    name,
    numbers.slice(2 * index, 2 * index + 2).map(Number),
  ])
  return [
    ...(numbers.length === 6 ? pairs : []),
    ...(mode === undefined ? [] : [['padding_mode', mode] as [string, PickleValue]]),
    ...(eps === undefined || !Number.isFinite(Number(eps)) ? [] : [['eps', Number(eps)] as [string, PickleValue]]),
  ]
}

/** The code of a class, from its head to the next class in the same file. */
function codeOf(type: string, entries: ReadonlyMap<string, ZipEntry>, folder: string, budget: Budget): string {
  const parts = type.split('.')
  const name = parts.pop()!
  const entry = entries.get(`${folder}code/${parts.join('/')}.py`)
  budget.take(2 * (entry?.size ?? 0), 'the code of its modules')
  const text = entry === undefined ? '' : new TextDecoder().decode(entry.read())
  const start = text.indexOf(`class ${name}(Module):`)
  const end = text.indexOf('\nclass ', start + 1)
  return start < 0 ? '' : text.slice(start, end < 0 ? undefined : end)
}

/**
 * Adds to the layers of a TorchScript module the attributes that only its code states: strides, paddings, padding modes and dilations of
 * convolutions, and the epsilon of BatchNorm. The code is searched as text, and never run.
 */
export function addStatedAttributes(
  module: PickleValue,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  budget: Budget,
): void {
  const known = new Map<string, [string, PickleValue][]>()
  const seen = new Set<PickleValue>()
  const waiting: PickleValue[] = [module]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (!isInstance(value) || !(value.state instanceof Map) || seen.has(value)) continue
    seen.add(value)
    const { type, state } = value
    budget.items(1 + state.size, 'the attributes of its modules')
    for (const attribute of state.values()) waiting.push(attribute)
    if (!/^__torch__\..*\b(Conv2d\w*|\w*BatchNorm\w*)$/.test(type)) continue
    if (!known.has(type)) known.set(type, stated(codeOf(type, entries, folder, budget)))
    for (const [name, said] of known.get(type) ?? []) if (!state.has(name)) state.set(name, said)
  }
}
