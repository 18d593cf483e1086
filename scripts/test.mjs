// Runs the tests of every package, in Node and in a browser. Arguments are passed to turbo: `npm test -- --filter=@mobilenetv2/spec`.
import { spawnSync } from 'node:child_process'
import { findChrome } from './chrome.mjs'

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  return error === undefined && status === 0
}

/** Installs a browser: Playwright's download, else Debian's package if this user may install packages. */
function installChrome() {
  if (run('npx', ['playwright', 'install', 'chromium']) && findChrome()) return true
  if (process.getuid?.() !== 0 || !run('apt-get', ['--version'])) return false
  return (
    run('apt-get', ['update']) &&
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'libvulkan1']) &&
    findChrome() !== null
  )
}

if (findChrome() === null) {
  console.error('No Chrome or Chromium found for the browser tests; trying to install one.')
  if (!installChrome()) {
    console.error(
      'The browser tests need Chrome or Chromium, and none could be installed.\n' +
        'Install one (Debian: apt-get install chromium libvulkan1; elsewhere: npx playwright install chromium),\n' +
        'or set MOBILENETV2_CHROME to the path of its executable. Then run the tests again.',
    )
    process.exit(1)
  }
}
for (const [name, what] of [
  ['MOBILENETV2_MODELS', 'weights'],
  ['MOBILENETV2_PHOTOS', 'photos'],
]) {
  if (!process.env[name]) console.error(`${name} is not set: the tests with real ${what} are left out.`)
}
// An unhandled rejection ends the process, also in child processes and workers of tests. The flag is added only once, because
// turbo's cache depends on the variable.
const strict = '--unhandled-rejections=strict'
const { NODE_OPTIONS: given = '' } = process.env
if (!given.includes(strict)) process.env.NODE_OPTIONS = `${given} ${strict}`.trim()
process.exit(run('npx', ['turbo', 'run', 'test', ...process.argv.slice(2)]) ? 0 : 1)
