import { batch, computed, effect, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals'

/** The parts of the site, in their order, by the name in the address. */
export const parts = {
  classify: 'Classify',
  inside: 'Look inside',
  why: 'Why it works',
  teach: 'Teach it',
  race: 'Race',
} as const

export type PartName = keyof typeof parts

interface Address {
  readonly part: PartName
  readonly values: URLSearchParams
  /** Whether the address has no values, not even empty ones: then it asks for a part and says nothing of its values. */
  readonly bare: boolean
}

interface Entry {
  readonly value: Signal<string | null>
  /** The part that has this value; null if every part has it. */
  readonly part: PartName | null
}

function read(hash: string): Address {
  const [name = '', values] = hash.replace(/^#/, '').split('?', 2)
  return {
    part: name in parts ? (name as PartName) : 'classify',
    values: new URLSearchParams(values),
    bare: values === undefined,
  }
}

const entries = new Map<string, Entry>()

/** The address as it was last followed: it has values of parts that are still being loaded, and have not declared them yet. */
let followed = read(location.hash)

const part: Signal<PartName> = signal(followed.part)

/** The part that is shown. */
export const route: ReadonlySignal<PartName> = computed(() => part.value)

/** The address of a part, with the values that it has now. */
export function hashOf(name: PartName): string {
  const values = new URLSearchParams()
  for (const [key, value] of followed.values) if (followed.part === name && !entries.has(key)) values.set(key, value)
  for (const [key, entry] of entries) {
    if (entry.value.value !== null && (entry.part === null || entry.part === name)) values.set(key, entry.value.value)
  }
  const text = values.toString()
  return text === '' ? `#${name}` : `#${name}?${text}`
}

/**
 * A value that stands in the address, so that a link, a reload and the button Back restore it. It is null where the address has none.
 * @param owner the only part whose address has the value; if it is left out, every address has the value. The value lives on while
 * another part is shown.
 */
export function addressed(key: string, owner: PartName | null = null): Signal<string | null> {
  const known = entries.get(key)
  if (known !== undefined) return known.value
  const mine = owner === null || owner === followed.part
  const value = signal(mine ? followed.values.get(key) : null)
  entries.set(key, { value, part: owner })
  // The effect below learns of a value that is declared later.
  untracked(() => declared.value++)
  return value
}

const declared = signal(0)
const places = new Map<string, number>()

/** The place of a part in `sessionStorage`, which a reload keeps. */
const storageKey = (name: PartName): string => `scroll of ${name}`

function keepPlace(): void {
  places.set(part.value, scrollY)
  try {
    sessionStorage.setItem(storageKey(part.value), String(scrollY))
  } catch {
    // Without storage a reload begins at the top.
  }
}

function placeOf(name: PartName): number {
  const stored = (): number => {
    try {
      return Number(sessionStorage.getItem(storageKey(name)))
    } catch {
      return 0
    }
  }
  return places.get(name) ?? stored()
}

/** Milliseconds within which a part is loaded, has filled itself and has its height. */
const patience = 3000

/** Scrolls to where a part was when it was left, as soon as it is tall enough; stops if the user scrolls first. */
export function restorePlace(name: PartName): () => void {
  const place = placeOf(name)
  const ended = new AbortController()
  const { signal: over } = ended
  const observer = new ResizeObserver(() => {
    if (over.aborted) return
    scrollTo({ top: place, behavior: 'instant' })
    if (Math.abs(scrollY - place) < 2) end()
  })
  const end = (): void => {
    ended.abort()
    observer.disconnect()
  }
  for (const event of ['wheel', 'touchstart', 'keydown'] as const) addEventListener(event, end, { signal: over, passive: true })
  observer.observe(document.body)
  setTimeout(end, patience)
  return end
}

/** Puts what is shown into the address. */
function write(): void {
  const hash = hashOf(part.value)
  if (hash !== (location.hash || '#classify')) history.replaceState(null, '', location.search + hash)
}

/** Browsers allow a few changes of the address a second, and a slider makes more. */
const writePause = 150

/** Shows a part; Back leads to the one before. */
export function go(name: PartName): void {
  if (name === part.value) return
  keepPlace()
  write()
  history.pushState(null, '', hashOf(name))
  part.value = name
}

/** Takes the address as it is now: after Back, Forward, or a link. */
function follow(): void {
  const now = read(location.hash)
  followed = now
  batch(() => {
    part.value = now.part
    if (now.bare) return
    for (const [key, entry] of entries) {
      if (entry.part === null || entry.part === now.part) entry.value.value = now.values.get(key)
    }
  })
}

/** Keeps the address and the page alike from now on. */
export function followAddress(): void {
  history.scrollRestoration = 'manual'
  addEventListener('popstate', follow)
  addEventListener('pagehide', () => {
    keepPlace()
    write()
  })
  let waiting = 0
  addEventListener(
    'scroll',
    () => {
      clearTimeout(waiting)
      waiting = window.setTimeout(keepPlace, 150)
    },
    { passive: true },
  )
  let writing = 0
  effect(() => {
    declared.value
    hashOf(part.value)
    clearTimeout(writing)
    writing = window.setTimeout(write, writePause)
  })
}
