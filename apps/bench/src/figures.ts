import { type Architecture, type LayerTime, totalMultiplyAdds } from '@mobilenetv2/spec'
import type { Where } from './contender.js'
import type { Paired, PairedOutcome } from './jobs.js'
import { installedPackage } from './library.js'
import { factsOf } from './registry.js'
import type { Peak, Result } from './result.js'
import type { Start } from './start.js'
import { median, type Rounds, timingOf } from './statistics.js'

/** The contender, place, threads and network that a result belongs to. */
export type Identity = Pick<Result, 'contender' | 'where' | 'threads' | 'widthMultiplier' | 'size' | 'batch'>

/** The figures of a contender that was not measured. */
const nothing = {
  medianMs: null,
  minMs: null,
  ratioToFirst: null,
  peakShare: null,
  coldMs: null,
  downloadBytes: null,
  peakMemoryBytes: null,
  error: null,
  lowMs: null,
  highMs: null,
  runs: 0,
  gflops: null,
  coldLoadMs: null,
  coldFirstRunMs: null,
  readerBytes: null,
  device: null,
  library: null,
  note: null,
  profile: null,
} as const

/** A result without figures. */
export function emptyResult(identity: Identity): Result {
  const { library, note = null } = factsOf(identity.contender)
  return { ...identity, ...nothing, library: library === null ? null : installedPackage(library), note }
}

/** The figures from the starts of a contender. */
export function startFigures({ survey, cold, download }: Start): Partial<Result> {
  return {
    device: survey.device,
    peakMemoryBytes: survey.peakMemoryBytes,
    coldMs: cold.loadMs + cold.firstRunMs,
    coldLoadMs: cold.loadMs,
    coldFirstRunMs: cold.firstRunMs,
    downloadBytes: download?.libraryBytes ?? null,
    readerBytes: download?.readerBytes ?? null,
  }
}

function profileOf(profile: readonly LayerTime[] | null, { layers }: Architecture): Result['profile'] {
  if (profile === null) return null
  const work = new Map(layers.map(({ id, multiplyAdds }) => [id, multiplyAdds]))
  return profile.map((step) => ({ ...step, multiplyAdds: step.layers.reduce((sum, id) => sum + (work.get(id) ?? 0), 0) }))
}

/** The figures from the rounds of a contender; the rounds of the first contender and of the peak kernel give the ratios. */
export function roundFigures(
  { rounds, profile }: Extract<PairedOutcome, { readonly rounds: Rounds }>,
  first: Rounds,
  peak: Paired['peak'],
  { threads, batch }: Identity,
  architecture: Architecture,
): Partial<Result> {
  const operations = 2 * totalMultiplyAdds(architecture) * batch
  const timing = timingOf(rounds, first, peak.rounds, operations / (peak.operations * threads))
  return { ...timing, gflops: operations / timing.medianMs / 1e6, profile: profileOf(profile, architecture) }
}

/** The speed that the peak kernel reached. */
export function peakOf(where: Where, threads: number, { instruction, operations, rounds }: Paired['peak']): Peak {
  return { where, threads, instruction, gflops: operations / median(rounds.filter((time) => time !== null)) / 1e6 }
}
