// Builds the native binding of @tensorflow/tfjs-node-gpu from the sources in its package, against the libraries of TensorFlow's wheel
// for CPUs, into a cache. For machines without a GPU: the same binding and the same kernels, on the CPU.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { besideFolder } from '../../../scripts/install-beside.mjs'

const tfjsNode = '4.22.0'
const nodeApiHeaders = '1.9.0'
const tensorFlow = '2.15.1'
const wheelHash = '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26'

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

const run = (program, args, options = {}) => execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })

/** Unpacks the libraries and the headers from the wheel, with Python's own zipfile, because pip needs Python anyway. */
const unpack = `
import sys, zipfile
wheel, target = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(('tensorflow/include/tensorflow/', 'tensorflow/include/tsl/')) or name.split('/')[-1] in ${JSON.stringify(libraries)}:
            archive.extract(name, target)
`

/** The folder of node_modules that holds the package with its binding; built at the first call, which takes some minutes. */
export function buildBinding() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`The binding is built for Linux on x64 only, not ${process.platform} ${process.arch}.`)
  }
  const folder = join(besideFolder, `tfjs-node-gpu-${tfjsNode}-tensorflow-${tensorFlow}`)
  const modules = join(folder, 'node_modules')
  const done = join(folder, 'done')
  if (existsSync(done)) return modules
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const packages = [`@tensorflow/tfjs-node-gpu@${tfjsNode}`, `node-api-headers@${nodeApiHeaders}`]
  run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...packages])

  const requirements = join(folder, 'requirements.txt')
  writeFileSync(requirements, `tensorflow-cpu==${tensorFlow} --hash=sha256:${wheelHash}\n`)
  const platform = ['--only-binary', ':all:', '--platform', 'manylinux2014_x86_64', '--python-version', '3.11']
  run('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '--require-hashes', ...platform, '-d', folder, '-r', requirements])
  const wheel = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.whl')),
  )
  run('python3', ['-c', unpack, wheel, folder])
  rmSync(wheel)

  const module = join(modules, '@tensorflow/tfjs-node-gpu')
  const tensorflow = join(folder, 'tensorflow')
  const target = join(module, 'lib/napi-v8')
  mkdirSync(target, { recursive: true })
  const includes = [join(modules, 'node-api-headers/include'), join(tensorflow, 'include'), module].flatMap((path) => ['-I', path])
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(module, 'binding', name))
  const link = ['-L', tensorflow, ...libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${tensorflow}`]
  const half = join(target, 'half-built.node')
  run('g++', ['-std=c++17', '-O2', '-fPIC', '-shared', '-w', '-DNAPI_VERSION=8', ...includes, ...sources, '-o', half, ...link])
  renameSync(half, join(target, 'tfjs_binding.node'))
  writeFileSync(done, '')
  return modules
}
