import { messageOf } from '../message.js'
import { page } from './page.js'
import { remotePath, reportPath } from './paths.js'

/** A call of one of the page's functions, or the end of the job. */
export type RemoteCall = { readonly name: keyof typeof page; readonly argument: unknown } | null

/** The outcome of a call; `started` before the first call. */
export type RemoteOutcome = { readonly started: true } | { readonly result: unknown } | { readonly error: string }

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: 'POST', body: JSON.stringify(body) })
}

const report = (text: string): void => void post(reportPath, text)

/** Asks the bench for one call after the other, in a browser without remote control. */
async function follow(): Promise<void> {
  let outcome: RemoteOutcome = { started: true }
  for (;;) {
    const call = (await (await post(remotePath, outcome)).json()) as RemoteCall
    if (call === null) return
    try {
      const work = page[call.name] as (argument: unknown, report: (text: string) => void) => unknown
      outcome = { result: (await work(call.argument, report)) ?? null }
    } catch (error) {
      outcome = { error: messageOf(error) }
    }
  }
}

void follow()
