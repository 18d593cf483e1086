import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const {
  MOBILENETV2_FIREFOX: firefox = 'firefox-esr',
  MOBILENETV2_MINIBROWSER:
    miniBrowser = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
} = process.env

/** Preferences that switch off Firefox's own requests and questions. */
const preferences = `
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
`

/** Browsers as Debian installs them, without remote control. */
export const browsers = {
  firefox: {
    version: [firefox, '--version'],
    open: (address, profile) => [firefox, '--headless', '--no-remote', '--profile', profile, address],
    install: 'apt-get install firefox-esr, or set MOBILENETV2_FIREFOX to the path of its program',
  },
  webkit: {
    version: ['xvfb-run', '-a', miniBrowser, '--version'],
    open: (address) => ['xvfb-run', '-a', miniBrowser, '--private', address],
    install: 'apt-get install libwebkit2gtk-4.1-0 xvfb, or set MOBILENETV2_MINIBROWSER to the path of its MiniBrowser',
  },
}

/** The version of an installed browser; null if it is not installed. */
export function versionOf({ version: [command, ...flags] }) {
  const { status, stdout } = spawnSync(command, flags, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** Opens an address in a new profile. `ended` rejects when the browser ends by itself. */
export function launch({ open }, address) {
  const profile = mkdtempSync(join(tmpdir(), 'mobilenetv2-browser-'))
  writeFileSync(join(profile, 'user.js'), preferences)
  const [command, ...flags] = open(address, profile)
  const child = spawn(command, flags, { stdio: 'ignore', detached: true, env: { ...process.env, HOME: profile } })
  const ended = new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the browser ended with code ${code}`)))
  })
  ended.catch(() => undefined)
  return {
    ended,
    close() {
      // Ends the whole process group, because xvfb-run and Firefox start further processes.
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // The browser has already ended by itself.
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
