// Finds NVIDIA's Vulkan driver on a machine whose Vulkan loader does not know it.
import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outputOf } from './output-of.mjs'

const libraries = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0', 'libcuda.so.1']

const listOf = (variable) => (process.env[variable] ?? '').split(delimiter).filter((folder) => folder !== '')

/** Folders with libraries of the driver: those that the dynamic linker knows, and those beside nvidia-smi. */
function libraryFolders() {
  const known = outputOf('ldconfig', ['-p']).split('\n')
  const paths = known.filter((line) => libraries.some((name) => line.includes(name))).map((line) => line.split('=> ')[1] ?? '')
  const tools = listOf('PATH').map((folder) => join(folder, 'nvidia-smi'))
  const tool = tools.find((path) => existsSync(path))
  const beside = tool === undefined ? [] : ['../lib64', '../lib'].map((folder) => join(dirname(realpathSync(tool)), folder))
  const folders = [...paths.map(dirname), ...listOf('LD_LIBRARY_PATH'), ...beside]
  return [...new Set(folders)].filter((folder) => libraries.some((name) => existsSync(join(folder, name))))
}

/** A description of a driver for the Vulkan loader. */
function describeDriver(library) {
  const path = join(mkdtempSync(join(tmpdir(), 'mobilenetv2-driver-')), 'driver.json')
  const description = { file_format_version: '1.0.0', ICD: { library_path: library, api_version: '1.3.0' } }
  writeFileSync(path, JSON.stringify(description))
  return path
}

/** The environment with one more folder at the end of the dynamic linker's search path. */
function withFolder(env, folder) {
  return { ...env, LD_LIBRARY_PATH: [...listOf('LD_LIBRARY_PATH'), folder].join(delimiter) }
}

/**
 * The ways to reach a graphics card, in the order to try them: `{ title, env }`. Each is tried with the machine's own libraries, and with
 * those in an archive of `--pack`.
 */
export function driverCandidates() {
  const own = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES
  const found = [{ title: own === undefined ? "the Vulkan loader's own search" : own, env: {} }]
  for (const folder of own === undefined ? libraryFolders() : []) {
    const files = ['nvidia_icd.json', 'nvidia_icd.x86_64.json'].map((name) => join(folder, '../share/vulkan/icd.d', name))
    for (const file of files.filter((path) => existsSync(path))) {
      found.push({ title: file, env: withFolder({ VK_ICD_FILENAMES: file }, folder) })
    }
    for (const library of libraries.slice(0, 2).map((name) => join(folder, name))) {
      if (existsSync(library)) {
        found.push({ title: library, env: withFolder({ VK_ICD_FILENAMES: describeDriver(library) }, folder) })
      }
    }
  }
  const carried = fileURLToPath(new URL('../../lib', import.meta.url))
  if (!existsSync(carried)) return found
  return found.flatMap(({ title, env }) => {
    const path = [env.LD_LIBRARY_PATH ?? process.env.LD_LIBRARY_PATH, carried].filter(Boolean).join(delimiter)
    return [
      { title, env },
      { title: `${title}, with the libraries of the archive`, env: { ...env, LD_LIBRARY_PATH: path } },
    ]
  })
}
