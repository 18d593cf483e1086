import { type Signal, signal } from '@preact/signals'

/** The parts of the site, in their order, by the name in the address. */
export const parts = {
  classify: 'Classify',
  inside: 'Look inside',
  why: 'Why linear bottlenecks',
  teach: 'Teach it',
  race: 'Race',
} as const

export type PartName = keyof typeof parts

function current(): PartName {
  const name = location.hash.slice(1)
  return name in parts ? (name as PartName) : 'classify'
}

export const route: Signal<PartName> = signal<PartName>(current())

addEventListener('hashchange', () => {
  route.value = current()
})
