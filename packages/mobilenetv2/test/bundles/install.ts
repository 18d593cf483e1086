import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../../../../node_modules/', import.meta.url))

function dependenciesOf(name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return Object.keys(manifest.dependencies ?? {})
}

/** `mobilenetv2` and the packages of this workspace that it depends on, also through others. */
function workspacePackages(): string[] {
  const found = new Set(['mobilenetv2'])
  // A set gives what is added to it on the way, too.
  for (const name of found)
    for (const dependency of dependenciesOf(name)) if (dependency.startsWith('@mobilenetv2/')) found.add(dependency)
  return [...found]
}

/**
 * Installs `mobilenetv2` into a project folder: of this workspace's packages the files that `npm pack` would pack, and links to what
 * these depend on. Optional packages are not there.
 */
export function install(project: string): void {
  const ours = workspacePackages()
  const pack = ['pack', '--dry-run', '--json', ...ours.map((name) => `--workspace=${name}`)]
  const packed = JSON.parse(execFileSync('npm', pack, { cwd: dirname(modules), stdio: 'pipe', encoding: 'utf8' })) as {
    name: string
    files: { path: string }[]
  }[]
  const target = join(project, 'node_modules')
  for (const { name, files } of packed) {
    for (const { path } of files) cpSync(join(modules, name, path), join(target, name, path))
    for (const dependency of dependenciesOf(name).filter((other) => !ours.includes(other))) {
      const places = [join(modules, name, 'node_modules', dependency), join(modules, dependency)]
      const link = join(target, name, 'node_modules', dependency)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(places.find(existsSync)!, link)
    }
  }
}
