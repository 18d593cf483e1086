import { type Signal, signal } from '@preact/signals'
import type { BackendChoice, BackendId } from '../engine/backends.js'
import { ask } from '../engine/client.js'
import type { Opened, Opening } from '../engine/operations.js'
import type { Source, UserFile } from '../engine/source.js'
import { attempt, notice } from './messages.js'
import { listModels, type ModelChoice } from './model-choices.js'

/** What the engine is doing. */
export type Status = { readonly kind: 'starting' } | Opening | { readonly kind: 'ready' } | { readonly kind: 'empty' }

export const models: Signal<readonly ModelChoice[]> = signal<readonly ModelChoice[]>([])
export const chosenModel: Signal<string> = signal('')
export const backends: Signal<readonly BackendChoice[]> = signal<readonly BackendChoice[]>([])
export const chosenBackend: Signal<BackendId> = signal<BackendId>('wasm-1')
export const status: Signal<Status> = signal<Status>({ kind: 'starting' })
export const opened: Signal<Opened | null> = signal<Opened | null>(null)

let wanted = 0

async function open(source: Source, id: string, what: string): Promise<void> {
  const mine = ++wanted
  const before = { model: chosenModel.value, status: opened.value === null ? ('empty' as const) : ('ready' as const) }
  chosenModel.value = id
  status.value = { kind: 'downloading', loaded: 0, total: null }
  try {
    const result = await ask('open', [source, chosenBackend.value], (progress) => {
      if (mine === wanted) status.value = progress
    })
    opened.value = result
    if (mine === wanted) status.value = { kind: 'ready' }
  } catch (error) {
    if (mine === wanted) {
      chosenModel.value = before.model
      status.value = { kind: before.status }
    }
    throw new Error(
      `${what} cannot be used${before.status === 'ready' ? '; the model of before stays' : ''}.\n${String(error instanceof Error ? error.message : error)}`,
    )
  }
}

async function openListed(id: string): Promise<void> {
  const choice = models.value.find((model) => model.id === id)
  if (choice === undefined) return
  await attempt('The model was not loaded.', () => open(choice.source, id, choice.title))
}

/** Loads a model of the list. */
export async function chooseModel(id: string): Promise<void> {
  notice.value = null
  await openListed(id)
}

/** Loads a model of the user's, which is one file or several, and adds it to the list if it is one. */
export async function openFiles(files: readonly UserFile[]): Promise<void> {
  notice.value = null
  const names = files.map(({ path }) => path)
  const id = `file:${names.join(', ')}`
  const what = names.length === 1 ? names[0]! : `${names[0]} and ${names.length - 1} more`
  const title = names.length === 1 ? `${what} (your file)` : `${what} (your files)`
  const choice: ModelChoice = { id, title, source: { kind: 'files', files }, group: 'yours' }
  await attempt(
    'This is no picture, and no checkpoint that can be used. Take a JPEG, PNG or WebP file, or a trained MobileNetV2.',
    async () => {
      await open(choice.source, id, what)
      models.value = [...models.value.filter((model) => model.id !== id), choice]
    },
  )
}

/** Compiles the model for another backend. */
export async function chooseBackend(id: BackendId): Promise<void> {
  const before = chosenBackend.value
  chosenBackend.value = id
  notice.value = null
  if (opened.value === null) return
  status.value = { kind: 'compiling' }
  await attempt('The backend was not changed.', async () => {
    try {
      opened.value = await ask('use', [id])
    } catch (error) {
      chosenBackend.value = before
      throw error
    } finally {
      status.value = { kind: 'ready' }
    }
  })
}

/** Finds out what is there, and loads the first model of the list. */
export async function start(): Promise<void> {
  await attempt('The engine did not start.', async () => {
    const [list, found] = await Promise.all([listModels(), ask('backends', [])])
    models.value = list
    backends.value = found
    const usable = (id: BackendId): boolean => found.some((backend) => backend.id === id && backend.availability.available)
    chosenBackend.value = (['wasm-n', 'wasm-1', 'webgpu', 'tfjs-cpu'] as const).find(usable) ?? 'wasm-1'
    await openListed(list[0]?.id ?? '')
  })
}
