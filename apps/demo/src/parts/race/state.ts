import { batch, type Signal, signal } from '@preact/signals'
import { ask } from '../../engine/client.js'
import { busy } from '../../state/busy.js'
import { backends, opened } from '../../state/model.js'
import { modelName } from '../../view/model-name.js'
import type { Lane } from './lanes.js'
import { type RacerId, racerName } from './racers.js'
import { hasFinished, rounds } from './runs.js'

/** Where a race is. */
export type Phase =
  | { readonly kind: 'none' }
  | { readonly kind: 'getting ready'; readonly racer: string }
  | { readonly kind: 'running'; readonly round: number }
  | { readonly kind: 'over'; readonly stopped: boolean }

/** What a race was run with. */
export interface Pinned {
  readonly model: string
  readonly date: Date
}

export const lanes: Signal<readonly Lane[]> = signal<readonly Lane[]>([])
export const phase: Signal<Phase> = signal<Phase>({ kind: 'none' })
/** The model that races, whatever is loaded meanwhile; null before the first race. */
export const pinned: Signal<Pinned | null> = signal<Pinned | null>(null)
export const withPeer: Signal<boolean> = signal(false)

/** Who would race now. */
export function racersNow(): readonly RacerId[] {
  const available = backends.value.filter(({ availability }) => availability.available).map(({ id }) => id)
  return withPeer.value ? [...available, 'onnxruntime-web'] : available
}

/** The lane of a racer before the start. */
export const waitingLane = (id: RacerId): Lane => ({ id, state: 'waiting', times: [], device: '', message: '' })

export const isUnderWay = (): boolean => phase.value.kind === 'getting ready' || phase.value.kind === 'running'

let stopped = false

/** Ends the race after the run that goes on; lanes keep the runs that they have. */
export function stop(): void {
  stopped = true
}

function change(id: RacerId, to: Partial<Lane>): void {
  lanes.value = lanes.value.map((lane) => (lane.id === id ? { ...lane, ...to } : lane))
}

/** Does a step of one racer; a racer that fails is out of the race, and the others go on. */
async function step(id: RacerId, work: () => Promise<Partial<Lane>>): Promise<void> {
  try {
    change(id, await work())
  } catch (error) {
    change(id, { state: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}

const inState = (...states: readonly Lane['state'][]): readonly Lane[] => lanes.value.filter(({ state }) => states.includes(state))

async function getReady(): Promise<void> {
  for (const { id } of inState('waiting')) {
    if (stopped) return
    phase.value = { kind: 'getting ready', racer: racerName(id) }
    change(id, { state: 'starting' })
    await step(id, async () => ({ ...(await ask('race.enter', [id])), state: 'running' }))
  }
}

/** One picture in each lane in turn, so that a disturbance hits all of them, until each has run often enough. */
async function runRounds(): Promise<void> {
  for (let round = 1; !stopped && inState('running').length > 0; round++) {
    phase.value = { kind: 'running', round: Math.min(round, rounds) }
    for (const { id } of inState('running')) {
      if (stopped) return
      await step(id, async () => {
        const time = await ask('race.run', [id])
        const times = [...lanes.value.find((lane) => lane.id === id)!.times, time]
        return { times, state: hasFinished(times) ? 'done' : 'running' }
      })
    }
  }
}

/** Runs a race from its start to its end. It goes on while other parts are looked at. */
export async function race(): Promise<void> {
  if (opened.value === null || isUnderWay()) return
  stopped = false
  batch(() => {
    pinned.value = { model: modelName(), date: new Date() }
    lanes.value = racersNow().map(waitingLane)
    busy.value = 'A race is running, so answers take longer than usual.'
  })
  try {
    await ask('race.begin', [])
    await getReady()
    await runRounds()
  } finally {
    await ask('race.end', [])
    batch(() => {
      for (const { id, times } of inState('running', 'starting', 'waiting'))
        change(id, { state: times.length > 0 ? 'done' : 'waiting' })
      phase.value = { kind: 'over', stopped }
      busy.value = null
    })
  }
}
