import type { operations as inside } from '../parts/inside/engine.js'
import type { operations as race } from '../parts/race/engine.js'
import type { operations as teach } from '../parts/teach/engine.js'
import type { operations } from './operations.js'

interface Groups {
  readonly inside: typeof inside
  readonly teach: typeof teach
  readonly race: typeof race
}

/**
 * The parts' own operations, which the worker loads when one of them is first asked for. The page asks for them by the name of the part
 * and of the operation: `ask('race.run', …)`.
 */
export const groups: { readonly [Name in keyof Groups]: () => Promise<Groups[Name]> } = {
  inside: async () => (await import('../parts/inside/engine.js')).operations,
  teach: async () => (await import('../parts/teach/engine.js')).operations,
  race: async () => (await import('../parts/race/engine.js')).operations,
}

type Prefixed<Group extends keyof Groups> = {
  readonly [Name in keyof Groups[Group] & string as `${Group}.${Name}`]: Groups[Group][Name]
}

/** Every operation, by the name that the page asks for. */
export type Operations = typeof operations & Prefixed<'inside'> & Prefixed<'teach'> & Prefixed<'race'>
