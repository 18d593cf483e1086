import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The workspace's folder of installed packages. */
export const modules: string = fileURLToPath(new URL('../../../../node_modules/', import.meta.url))

function dependenciesOf(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(manifest.dependencies ?? {})
}

const isOurs = (name: string): boolean => name.startsWith('@mobilenetv2/')

/** Links a package of the workspace into a folder of packages. */
export function linkPackage(name: string, target: string, from: string = modules): void {
  const link = join(target, name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync([join(from, name), join(modules, name)].find(existsSync)!, link)
}

/** Packages of this workspace, and the packages of this workspace that they depend on. */
export function workspacePackages(names: readonly string[]): ReadonlySet<string> {
  const ours = new Set(names)
  for (const name of ours) for (const dependency of dependenciesOf(name).filter(isOurs)) ours.add(dependency)
  return ours
}

/**
 * Installs packages of this workspace into a project folder: the files that `npm pack` would pack, of these packages and of those of the
 * workspace that they depend on, and links to their other dependencies. Optional packages are installed only if they are named.
 */
export function install(project: string, names: readonly string[] = ['mobilenetv2']): void {
  const ours = workspacePackages(names)
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts', ...Array.from(ours, (name) => `--workspace=${name}`)]
  const packed = JSON.parse(execFileSync('npm', pack, { cwd: dirname(modules), stdio: 'pipe', encoding: 'utf8' })) as {
    name: string
    files: { path: string }[]
  }[]
  const target = join(project, 'node_modules')
  for (const { name, files } of packed) {
    for (const { path } of files) cpSync(join(modules, name, path), join(target, name, path))
    for (const dependency of dependenciesOf(name).filter((other) => !isOurs(other))) {
      linkPackage(dependency, join(target, name, 'node_modules'), join(modules, name, 'node_modules'))
    }
  }
}
