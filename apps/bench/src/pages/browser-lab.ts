import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Lab, type Progress, startTimeoutMs } from '../lab.js'
import { bundlePages } from './bundle.js'
import { type CallPage, coldStartPage, surveyPage, within } from './page-jobs.js'
import { remotePath, reportPath } from './paths.js'
import type { RemoteCall, RemoteOutcome } from './remote.js'
import { startServer } from './server.js'

/** A browser as Debian installs it, without remote control. */
interface Browser {
  /** The command that prints its version. */
  readonly version: readonly string[]
  /** The command that opens an address with a profile. */
  open(address: string, profile: string): readonly string[]
  /** The command that installs it, for the error message if it is missing. */
  readonly install: string
}

const miniBrowser =
  process.env.MOBILENETV2_MINIBROWSER ??
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`

const browsers: Readonly<Record<'firefox' | 'webkit', Browser>> = {
  firefox: {
    version: ['firefox-esr', '--version'],
    open: (address, profile) => ['firefox-esr', '--headless', '--no-remote', '--profile', profile, address],
    install: 'apt-get install firefox-esr',
  },
  webkit: {
    version: ['xvfb-run', '-a', miniBrowser, '--version'],
    open: (address) => ['xvfb-run', '-a', miniBrowser, '--private', address],
    install: 'apt-get install libwebkit2gtk-4.1-0 xvfb, or set MOBILENETV2_MINIBROWSER to the path of its MiniBrowser',
  },
}

/** Switches off what Firefox does besides the page. */
const preferences = `
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
`

async function versionOf({ version: [command, ...flags], install }: Browser): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command!, flags)
    return stdout.trim().replace(/^Mozilla /, '')
  } catch {
    throw new Error(`not installed: ${install}`)
  }
}

/** The bench's end of the connection to one page. The page asks for its next call as soon as a call has ended. */
interface Link {
  readonly call: CallPage
  /** Takes the outcome of the last call, and gives the next call. */
  next(outcome: RemoteOutcome): Promise<RemoteCall>
}

function createLink(): Link {
  let give: (call: RemoteCall) => void
  let take: (outcome: RemoteOutcome) => void
  const outcome = (): Promise<RemoteOutcome> =>
    new Promise((resolve) => {
      take = resolve
    })
  let last = outcome()
  const call = async (name: string, argument?: unknown): Promise<unknown> => {
    await last
    last = outcome()
    give({ name, argument } as RemoteCall)
    const ended = await last
    if ('error' in ended) throw new Error(ended.error)
    if ('started' in ended) throw new Error('the page was reloaded')
    return ended.result
  }
  return {
    call: call as CallPage,
    next: (ended) =>
      new Promise((resolve) => {
        give = resolve
        take(ended)
      }),
  }
}

/**
 * A browser without remote control: each job is a process whose page asks the bench for its work. All jobs share one profile, as for a
 * returning visitor.
 */
export async function openBrowserLab(where: 'firefox' | 'webkit', files: ReadonlyMap<string, Uint8Array>): Promise<Lab> {
  const browser = browsers[where]
  const version = await versionOf(browser)
  let job: { readonly link: Link; readonly progress: Progress | undefined } | null = null
  const answer = async (path: string, body: unknown): Promise<unknown> => {
    if (path === reportPath) return job?.progress?.(String(body))
    return path === remotePath ? (job?.link.next(body as RemoteOutcome) ?? null) : null
  }
  const profile = await mkdtemp(join(tmpdir(), 'bench-profile-'))
  await writeFile(join(profile, 'user.js'), preferences)
  const server = await startServer(await bundlePages(), files, 'pages/remote.js', answer)
  let child: ChildProcess | null = null
  let isClosed = false

  const end = (): void => {
    // The whole process group, because xvfb-run and Firefox start further processes.
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has already ended.
    }
    child = null
  }

  const inPage = async <Result>(work: (call: CallPage) => Promise<Result>, progress?: Progress): Promise<Result> => {
    if (isClosed) throw new Error('the bench has ended')
    const link = createLink()
    job = { link, progress }
    const [command, ...flags] = browser.open(server.origin, profile)
    const opened = spawn(command!, flags, { stdio: 'ignore', detached: true, env: { ...process.env, HOME: profile } })
    child = opened
    const gone = new Promise<never>((_, reject) => {
      opened.once('error', reject)
      opened.once('exit', (code) => reject(new Error(`the browser ended with code ${code}`)))
    })
    gone.catch(() => undefined)
    try {
      return await Promise.race([work(link.call), gone])
    } finally {
      job = null
      if (child === opened) end()
    }
  }

  return {
    where,
    version,
    survey: (job) =>
      inPage((call) =>
        within(
          surveyPage(call, server, where, job, async (start) => ({ ...(await start()), peakMemoryBytes: null })),
          startTimeoutMs,
        ),
      ),
    coldStart: (job) => inPage((call) => within(coldStartPage(call, server, where, job), startTimeoutMs)),
    paired: (job, progress) => inPage((call) => call('paired', job), progress),
    scaling: (job, progress) => inPage((call) => call('scaling', job), progress),
    async close() {
      isClosed = true
      end()
      await server.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
