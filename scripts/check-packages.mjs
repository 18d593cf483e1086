// What would be published, checked as its users will meet it: publint (strict) and attw on each public package.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = new URL('../packages', import.meta.url).pathname
let failed = false
for (const name of readdirSync(root)) {
  const folder = join(root, name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (manifest.private) continue
  const { messages } = await publint({ pkgDir: folder, strict: true })
  for (const message of messages) console.error(`${manifest.name}: ${formatMessage(message, manifest)}`)
  const attw = spawnSync('npx', ['attw', '--pack', folder, '--profile', 'esm-only', '--format', 'ascii'], { encoding: 'utf8' })
  if (attw.status !== 0) console.error(attw.stdout, attw.stderr)
  failed ||= messages.length > 0 || attw.status !== 0
  console.log(`${manifest.name}: ${messages.length === 0 && attw.status === 0 ? 'fit to publish' : 'NOT fit to publish'}`)
}
process.exit(failed ? 1 : 0)
