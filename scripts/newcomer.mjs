// `npm run test:newcomer`: follows README and docs/getting-started.md word by word. README's commands run in a clean clone of the last
// commit, which shares turbo's cache with this checkout: tests that passed here on the same files are not run again. Each section of
// getting-started runs in an empty folder, where npm finds this project's packages as they were packed.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { codeBlocks, fileNameOf } from './docs/markdown.mjs'
import { openBuiltPage } from './newcomer/built-page.mjs'
import { startRegistry } from './newcomer/registry.mjs'
import { packAll } from './pack-packages.mjs'

const root = new URL('..', import.meta.url).pathname
const work = mkdtempSync(join(tmpdir(), 'mobilenetv2-newcomer-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

const commandsOf = ({ code }) => code.split('\n').filter((line) => line.trim() !== '')

/** Runs a command of a page. The registry runs on this thread, so nothing may block it. */
async function follow(command, folder, environment = {}) {
  console.log(`\n$ ${command}`)
  const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' }
  const env = { ...process.env, NO_COLOR: '1', ...quiet, ...environment }
  const child = spawn('bash', ['-c', command], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new Error(`This command of the page failed with status ${status}: ${command}`)
}

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const commands = codeBlocks(readme).flatMap((block) => (block.language === 'sh' ? commandsOf(block) : []))
const ofCheckout = commands.filter((line) => line.startsWith('npm ci'))
const toInstall = commands.filter((line) => line.startsWith('npm install'))
const firstProgram = codeBlocks(readme).find(({ code }) => code.startsWith('import { load }'))
if (ofCheckout.length === 0 || firstProgram === undefined)
  throw new Error('README lacks a command with `npm ci`, or a first program.')
const clone = join(work, 'clone')
execFileSync('git', ['clone', '--quiet', root, clone])
for (const command of ofCheckout) await follow(command, clone, { TURBO_CACHE_DIR: join(root, '.turbo/cache') })

const drawings = readdirSync(join(root, 'examples'), { recursive: true }).filter((name) => name.endsWith('.svg'))
const drawing = join(root, 'examples', drawings[0])
const tarballs = packAll(join(work, 'packed'))
const registry = await startRegistry(tarballs)
const fromRegistry = { npm_config_registry: registry.url }

/** An empty folder with a photo. */
async function emptyProject(name) {
  const folder = join(work, name)
  mkdirSync(folder)
  await sharp(drawing).flatten().jpeg().toFile(join(folder, 'cat.jpg'))
  return folder
}

try {
  console.log('\n# README')
  const folder = await emptyProject('readme')
  for (const command of toInstall) await follow(command, folder, fromRegistry)
  writeFileSync(join(folder, 'first.mjs'), `${firstProgram.code}\nconsole.log(best, vector.length)`)
  await follow('node first.mjs', folder)

  const [, ...sections] = readFileSync(join(root, 'docs/getting-started.md'), 'utf8').split(/^## /m)
  for (const section of sections) {
    const blocks = codeBlocks(section)
    if (blocks.length === 0) continue
    const title = section.slice(0, section.indexOf('\n'))
    console.log(`\n# ${title}`)
    const folder = await emptyProject(title.replaceAll(/\W+/g, '-'))
    for (const block of blocks) {
      if (block.language === 'sh') for (const command of commandsOf(block)) await follow(command, folder, fromRegistry)
      else writeFileSync(join(folder, fileNameOf(block.code)), block.code)
    }
    const built = join(folder, 'dist')
    if (existsSync(built)) console.log(await openBuiltPage(built, join(folder, 'cat.jpg')))
  }
} finally {
  registry.close()
}
