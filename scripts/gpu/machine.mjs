import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { outputOf } from './output-of.mjs'

const root = new URL('../../', import.meta.url)
const json = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

/** The commit of the sources; an archive of `--pack` has it in a file. */
export function commit() {
  if (existsSync(new URL('packed.json', root))) return json('packed.json').commit
  const found = outputOf('git', ['-C', new URL('.', root).pathname, 'rev-parse', '--short=12', 'HEAD'])
  const changed = outputOf('git', ['-C', new URL('.', root).pathname, 'status', '--porcelain']) !== ''
  return found === '' ? 'unknown' : `${found}${changed ? ' with changes' : ''}`
}

function graphicsCards() {
  const fields = ['name', 'driver_version', 'memory.total', 'clocks.max.sm', 'clocks.max.memory', 'power.limit']
  const lines = outputOf('nvidia-smi', [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader']).split('\n')
  return lines
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split(', ').map((value, index) => [fields[index], value])))
}

/** The machine and the versions of its software, without the machine's name. */
export function describeMachine() {
  return {
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      threads: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${process.arch} ${release()}`,
      graphicsCards: graphicsCards(),
    },
    versions: {
      commit: commit(),
      node: process.versions.node,
      webgpu: json('node_modules/webgpu/package.json').version,
      tfjs: json('node_modules/@tensorflow/tfjs-core/package.json').version,
    },
  }
}
