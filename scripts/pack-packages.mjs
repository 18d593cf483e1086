import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Packs every package that is published, as it was built last, into a folder.
 * @param folder absolute; made if it is not there
 * @returns the path of each package's tarball, by the package's name
 */
export function packAll(folder) {
  const manifests = readdirSync(join(root, 'packages')).map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  )
  const names = manifests.flatMap(({ name, private: isPrivate }) => (isPrivate ? [] : [name]))
  mkdirSync(folder, { recursive: true })
  const command = ['pack', '--json', '--pack-destination', folder, ...names.map((name) => `--workspace=${name}`)]
  const packed = execFileSync('npm', command, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  return new Map(JSON.parse(packed).map(({ name, filename }) => [name, join(folder, filename)]))
}
