import { availableParallelism } from 'node:os'
import { joinVectors, simdLevel } from '@mobilenetv2/backend-wasm'
import { type Availability, MobileNetV2Error } from '@mobilenetv2/spec'
import { cacheLocation, listCachedModels, locateModelFile } from '@mobilenetv2/zoo'
import type { Command } from 'commander'
import colors from 'picocolors'
import { findBackends } from '../backends.js'
import { defaultModel } from '../read-network.js'
import { print } from './output.js'
import { printable } from './printable.js'

/** The result of one check: whether it passed, what was found, and what would help. */
interface Finding {
  readonly name: string
  readonly well: boolean
  readonly found: string
  readonly remedy?: string
}

function simdFindings(): Finding[] {
  const level = simdLevel()
  const relaxed: Finding =
    level === 'relaxed-simd'
      ? { name: 'relaxed SIMD', well: true, found: 'multiplies and adds in one instruction' }
      : {
          name: 'relaxed SIMD',
          well: false,
          found: `off in Node ${process.versions.node} unless a flag sets it; kernels use plain SIMD`,
          remedy: 'Node 22 or later, or node --experimental-wasm-relaxed-simd',
        }
  if (level !== 'none') return [{ name: 'SIMD', well: true, found: '128 bits' }, relaxed, wideFinding()]
  return [{ name: 'SIMD', well: false, found: 'no WebAssembly SIMD', remedy: 'Node 20 or later, without --jitless' }, relaxed]
}

/** This sets V8's flag, so that the later finding of the backend says what 256 bits gain here. */
function wideFinding(): Finding {
  const name = '256 bits'
  const reason = joinVectors()
  if (reason !== null) return { name, well: false, found: `kernels use 128 bits: ${reason}` }
  return {
    name,
    well: true,
    found:
      "possible: V8's flag --experimental-wasm-revectorize. Commands set it for many pictures; a program sets it with wide: true",
  }
}

function threadsFinding(): Finding {
  const processors = availableParallelism()
  if (processors > 1) return { name: 'threads', well: true, found: `${processors} processors, for --threads and --jobs` }
  return {
    name: 'threads',
    well: false,
    found: 'one processor: --threads and --jobs gain nothing',
    remedy: 'allow this process more processors (taskset, or the limits of its container)',
  }
}

function availabilityFinding(name: string, availability: Availability): Finding {
  if (!availability.available) return { name, well: false, found: availability.reason, remedy: availability.remedy }
  return {
    name,
    well: true,
    found: `${availability.device}${availability.software ? ', in software: auto does not choose it' : ''}`,
  }
}

async function sharpFinding(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp')
    return { name: 'pictures', well: true, found: `sharp ${sharp.versions.sharp ?? ''}`.trim() }
  } catch {
    return { name: 'pictures', well: false, found: 'sharp is not installed', remedy: 'npm install sharp' }
  }
}

async function cacheFinding(): Promise<Finding> {
  const models = await listCachedModels()
  const megabytes = (models.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)
  const content = models.length === 0 ? 'no model' : `${models.map(({ entry }) => entry.id).join(', ')} (${megabytes} MB)`
  return { name: 'cache', well: true, found: `${await cacheLocation()}: ${content}` }
}

async function defaultModelFinding(): Promise<Finding> {
  const name = 'default model'
  const file = await locateModelFile(defaultModel)
  if (file !== null) return { name, well: true, found: `${defaultModel}: ${file}` }
  return {
    name,
    well: false,
    found: `${defaultModel} is neither in MOBILENETV2_MODELS nor in the cache: the first use downloads 4 MB`,
    remedy: `mobilenetv2 download ${defaultModel}; offline, set MOBILENETV2_MODELS to a folder that has the file, or give --model FILE`,
  }
}

/** Runs a check that reads files. If they cannot be read, that is the finding. */
async function tryFiles(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof MobileNetV2Error)) throw error
    const { where, got = '', remedy = 'see the reason above' } = error.details
    return { name, well: false, found: `${where}: ${got}`, remedy }
  }
}

async function findings(): Promise<Finding[]> {
  const simd = simdFindings()
  const backends = await findBackends()
  return [
    { name: 'Node', well: true, found: `${process.version}, ${process.platform} ${process.arch}` },
    ...simd,
    threadsFinding(),
    ...backends.map(({ name, availability }) => availabilityFinding(name, availability)),
    await sharpFinding(),
    await tryFiles('default model', defaultModelFinding),
    await tryFiles('cache', cacheFinding),
  ]
}

/** `doctor`: what runs on this machine, and what would help if something does not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check what runs on this machine, and say what to do if something does not')
    .action(async () => {
      for (const { name, well, found, remedy } of await findings()) {
        print(`${well ? colors.green('ok') : colors.yellow('--')}  ${name.padEnd(14)} ${printable(found)}`)
        if (remedy !== undefined) print(`${' '.repeat(19)}what to do: ${printable(remedy)}`)
      }
    })
}
