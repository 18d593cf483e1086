import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

/** The cache for everything that only some scripts need, beside the dependencies of the workspace. */
export const besideFolder = fileURLToPath(new URL('../node_modules/.cache/mobilenetv2/', import.meta.url))

const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * Installs npm packages beside the workspace at the first call, because only one script needs them.
 * @param packages names with versions, such as `typescript@5.4.5`
 * @param flags more flags of `npm install`
 * @returns the folder of node_modules that holds them
 */
export function installBeside(packages, flags = []) {
  const name = packages.join('_').replaceAll(/[@/]/g, '-').replace(/^-/, '')
  const folder = join(besideFolder, name)
  const done = join(folder, 'done')
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    run('npm', ['install', '--prefix', folder, ...quiet, ...flags, ...packages])
    writeFileSync(done, '')
  }
  return join(folder, 'node_modules')
}

/** The program of a version of Node for this platform, which is installed beside the workspace. */
export function nodeBeside(version) {
  const isWindows = process.platform === 'win32'
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  return join(installBeside([`${name}@${version}`]), name, 'bin', isWindows ? 'node.exe' : 'node')
}
