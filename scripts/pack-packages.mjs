import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { published, root } from './published.mjs'

/**
 * Packs the last build of every published package into a folder.
 * @param folder an absolute path; the folder is created if it does not exist
 * @returns the path of each package's tarball, by the package's name
 */
export function packAll(folder) {
  mkdirSync(folder, { recursive: true })
  const workspaces = published.map(({ manifest }) => `--workspace=${manifest.name}`)
  const command = ['pack', '--json', '--pack-destination', folder, ...workspaces]
  const packed = execFileSync('npm', command, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  return new Map(JSON.parse(packed).map(({ name, filename }) => [name, join(folder, filename)]))
}
