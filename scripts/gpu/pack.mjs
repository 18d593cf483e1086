// Makes an archive that runs test-gpu.mjs on a machine without network and Node.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commit } from './machine.mjs'
import { outputOf } from './output-of.mjs'

/** The most MiB of the archive. Together with a checkout it must stay below 64 MiB. */
const mostMegabytes = 48
const root = fileURLToPath(new URL('../../', import.meta.url))
const packages = ['spec', 'runtime', 'testing', 'backend-webgpu', 'backend-node-cuda', 'tfjs', 'backend-onnxruntime', 'weights']
/** The runner and matchers of vitest without vite. */
const modules = ['@vitest/runner', '@vitest/expect']
/** Libraries that a machine without a display may lack: the Vulkan loader, and libraries that NVIDIA's driver is linked with. */
const libraries = [
  'libvulkan.so.1',
  'libX11.so.6',
  'libXext.so.6',
  'libxcb.so.1',
  'libXau.so.6',
  'libXdmcp.so.6',
  'libbsd.so.0',
  'libmd.so.0',
]
const launcher = `#!/bin/sh
here="$(cd "$(dirname "$0")" && pwd)"
exec "$here/bin/node" "$here/scripts/test-gpu.mjs" "$@"
`

/** The folder of a package, as Node finds it from another folder; undefined if it is not installed. */
function folderOf(name, from) {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  return paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')))
}

/** The folders of packages and of all their dependencies, without this workspace's packages and optional dependencies. */
function closure(names, from, found = new Set()) {
  for (const name of names.filter((one) => !/^@mobilenetv2\/|^@types\/|\/types$/.test(one))) {
    const folder = folderOf(name, from)
    if (folder === undefined) throw new Error(`${name} is not installed, which ${from} needs.`)
    if (found.has(folder)) continue
    found.add(folder)
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    closure(Object.keys(dependencies), folder, found)
  }
  return found
}

const own = `${process.platform}-${process.arch}`

/**
 * Whether a file goes into the archive. Source maps and types do not; of Dawn only the build for this platform does, and of tfjs-core only
 * the bundle that Node loads.
 */
function travels(path) {
  if (/\.(map|d\.ts|d\.mts|d\.cts|md)$/.test(path)) return false
  const [, platform] = path.split('/node_modules/webgpu/dist/')
  if (platform !== undefined) return platform === own || platform.startsWith(`${own}/`)
  const [, bundle] = path.split('/node_modules/@tensorflow/tfjs-core/dist/')
  return bundle === undefined || bundle === 'tf-core.node.js'
}

export function pack(file) {
  if (process.platform !== 'linux') throw new Error('The archive is for Linux, and can be packed only there.')
  const base = mkdtempSync(join(tmpdir(), 'mobilenetv2-pack-'))
  const target = join(base, 'mobilenetv2-gpu')
  const put = (path) => cpSync(join(root, path), join(target, path), { recursive: true, filter: travels })
  put('scripts/test-gpu.mjs')
  put('scripts/gpu')
  for (const name of packages) {
    put(`packages/${name}/package.json`)
    put(`packages/${name}/dist`)
  }
  const needed = new Set()
  closure(modules, root, needed)
  for (const name of packages) {
    const folder = join(root, 'packages', name)
    const {
      dependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const peers = Object.keys(peerDependencies).filter((peer) => peer !== 'vitest' && !peerDependenciesMeta[peer]?.optional)
    closure([...Object.keys(dependencies), ...peers], folder, needed)
  }
  for (const folder of needed) {
    const place = join(target, relative(root, folder))
    const nested = `${folder}/node_modules`
    cpSync(realpathSync(folder), place, { recursive: true, filter: (path) => travels(path) && !path.startsWith(nested) })
  }
  mkdirSync(join(target, 'node_modules/@mobilenetv2'), { recursive: true })
  for (const name of packages) symlinkSync(`../../packages/${name}`, join(target, 'node_modules/@mobilenetv2', name))

  mkdirSync(join(target, 'bin'))
  copyFileSync(realpathSync(process.execPath), join(target, 'bin/node'))
  mkdirSync(join(target, 'lib'))
  const known = outputOf('ldconfig', ['-p']).split('\n')
  for (const name of libraries) {
    const path = known.find((line) => line.trim().startsWith(`${name} `) && line.includes(process.arch === 'x64' ? 'x86-64' : ''))
    if (path === undefined) console.error(`This machine has no ${name}: the archive goes without it.`)
    else copyFileSync(realpathSync(path.split('=> ')[1]), join(target, 'lib', name))
  }
  writeFileSync(join(target, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(target, 'packed.json'), `${JSON.stringify({ commit: commit() })}\n`)
  writeFileSync(join(target, 'test-gpu'), launcher)
  chmodSync(join(target, 'test-gpu'), 0o755)

  mkdirSync(dirname(file), { recursive: true })
  execFileSync('tar', ['-caf', file, '-C', base, basename(target)], { stdio: 'inherit' })
  rmSync(base, { recursive: true })
  const megabytes = statSync(file).size / 2 ** 20
  console.log(`${file}: ${megabytes.toFixed(1)} MiB, of ${mostMegabytes} that it may have. On the other machine:`)
  console.log(`tar -xf ${basename(file)} && mobilenetv2-gpu/test-gpu --out gpu.json`)
  if (megabytes > mostMegabytes) throw new Error('The archive is too large.')
}
