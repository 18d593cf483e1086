import { CheckpointError } from '../checkpoint-error.js'
import type { NamedHead } from './head-of-modules.js'
import { type KnownModule, numberedPath } from './modules.js'

/** The modules around a body, which may be its head. */
export interface Surroundings {
  /** The modules in the smallest part of the file around the body that has dense layers. */
  readonly near: readonly KnownModule[]
  /** The same with the modules further out; null if there are no dense layers there. */
  readonly all: readonly KnownModule[] | null
}

/** The classes of ImageNet's classifiers, which programs leave in a network when they add their own head. */
const imageNet: readonly number[] = [1000, 1001]

/** A head, and the modules that it was read from. */
interface ChosenHead {
  readonly head: NamedHead
  readonly modules: readonly KnownModule[]
  readonly reasons: readonly string[]
}

function densePaths(modules: readonly KnownModule[]): string[] {
  return modules.filter(({ kind }) => kind === 'dense').map(({ path }) => path)
}

/**
 * Chooses the dense layers that are the head:
 * - all, if they follow each other
 * - the layers further out, if the layers beside the body are a classifier of ImageNet and the layers further out are a head
 *   without it
 * - else the layers beside the body
 * @param read reads modules as a head, and throws if they are not one
 */
export function chooseHead({ near, all }: Surroundings, read: (modules: readonly KnownModule[]) => NamedHead): ChosenHead {
  const attempt = (modules: readonly KnownModule[]): NamedHead | null => {
    try {
      return read(modules)
    } catch (error) {
      if (error instanceof CheckpointError) return null
      throw error
    }
  }
  if (all === null) return { head: read(near), modules: near, reasons: [] }
  const together = attempt(all)
  // If two parts fit together by chance, they look like a head on a flattened map of few channels. That is not believed.
  if (together !== null && together.positionLayers.length === 0) return { head: together, modules: all, reasons: [] }
  const head = read(near)
  const beside = new Set(near.map(({ path }) => path))
  const outer = all.filter(({ path }) => !beside.has(path))
  const outside = imageNet.includes(head.classes) ? attempt(outer) : null
  const [chosen, modules, left] = outside === null ? [head, near, outer] : [outside, outer, near]
  const names = densePaths(left).map((path) => path.slice(0, 100))
  const why = outside === null ? 'they do not follow the network' : 'another head lies behind the network'
  return { head: chosen, modules, reasons: [`left out the dense layers ${names.slice(0, 5).join(', ')}: ${why}`] }
}

/** The module that contains a network as a whole, if a path is in it; else the path. */
export function outermost(path: string, prefix: string): string {
  return prefix !== '' && path.startsWith(prefix) ? prefix.slice(0, -1) : path
}

/**
 * Whether the layer `right` takes the output of a network that ends in `left`, as in `fc(backbone(x))`, with nothing between them. If both
 * are in a Sequential with another module between them, that module is usually an activation.
 */
export function isBehind(left: string, right: string, beside: ReadonlySet<string>, prefix: string): boolean {
  if (!beside.has(left) || beside.has(right)) return false
  const [from, to] = [numberedPath(outermost(left, prefix)), numberedPath(right)]
  return from === null || to === null || from.parent !== to.parent || to.index - from.index === 1
}
