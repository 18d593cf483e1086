import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { modules, workspacePackages } from '../bundles/install.js'
import type { Readme } from './readmes.js'
import { writeSampleFiles } from './sample-files.js'

/** The folder of the packed packages, if READMEs are followed with them. `npm run test:packed` fills it. */
const packed = process.env.MOBILENETV2_PACKED

/** The tarball of each packed package: `mobilenetv2-spec-0.1.0.tgz` is that of `@mobilenetv2/spec`. */
function tarballs(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder).map((file) => {
      const name = basename(file).replace(/-\d.*$/, '')
      return [name.replace(/^mobilenetv2-/, '@mobilenetv2/'), join(folder, file)]
    }),
  )
}

/** The packages to install: this project's packages, and those that they depend on, as tarballs; all others by name. */
function specifiersOf(installs: readonly string[], folder: string): string[] {
  const files = tarballs(folder)
  const ours = workspacePackages(installs.filter((name) => files.has(name)))
  return [...Array.from(ours, (name) => files.get(name)!), ...installs.filter((name) => !files.has(name))]
}

/**
 * Makes a project with the packages that the install line of a README installs, or all of the workspace, and with the files that its code
 * reads.
 */
export async function createProject(folder: string, { installs, code }: Readme): Promise<void> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  writeFileSync(join(folder, 'program.mjs'), code)
  await writeSampleFiles(folder)
  if (packed === undefined) {
    symlinkSync(modules, join(folder, 'node_modules'))
    return
  }
  // Install scripts of native packages download files from outside the registry, which no README needs.
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  execFileSync('npm', [...install, ...specifiersOf(installs, packed)], {
    cwd: folder,
    stdio: 'pipe',
    shell: process.platform === 'win32',
  })
}

/** Whether a package can be installed into a project. READMEs also name packages that are not in the workspace. */
export function isInstallable(name: string): boolean {
  // Packages in the folders of NODE_PATH are found by `require`.
  const folders = [modules, ...(process.env.NODE_PATH ?? '').split(delimiter).filter((folder) => folder !== '')]
  return packed !== undefined || folders.some((folder) => existsSync(join(folder, name)))
}

/** The program that runs READMEs: the oldest Node that is promised, if `npm run test:packed` has installed it. */
export const node: string = process.env.MOBILENETV2_OLDEST_NODE ?? process.execPath
