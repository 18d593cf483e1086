import { type Signal, signal } from '@preact/signals'
import type { BackendChoice, BackendId } from '../engine/backends.js'
import { ask } from '../engine/client.js'
import type { Opened, Opening } from '../engine/operations.js'
import type { UserFile } from '../engine/source.js'
import { addressed } from './address.js'
import { attempt, notice } from './messages.js'
import { type ModelChoice, servedModels } from './model-choices.js'

/** What the engine is doing. */
export type Status = { readonly kind: 'starting' } | Opening | { readonly kind: 'ready' } | { readonly kind: 'empty' }

/** The models of this site and the visitor's own; those of the zoo are in `zoo-choices.ts`, which is loaded when it is needed. */
export const models: Signal<readonly ModelChoice[]> = signal<readonly ModelChoice[]>([])
/** The model that is loaded, or the one on its way. */
export const chosenModel: Signal<ModelChoice | null> = signal<ModelChoice | null>(null)
export const backends: Signal<readonly BackendChoice[]> = signal<readonly BackendChoice[]>([])
export const chosenBackend: Signal<BackendId> = signal<BackendId>('wasm-1')
export const status: Signal<Status> = signal<Status>({ kind: 'starting' })
export const opened: Signal<Opened | null> = signal<Opened | null>(null)

/** Null for the model and the backend that the site begins with. */
const modelInAddress = addressed('model')
const backendInAddress = addressed('backend')

let loading: AbortController | null = null

/** Ends the loading of a model; the one before stays. */
export function cancelLoading(): void {
  loading?.abort(new DOMException('The loading was cancelled.', 'AbortError'))
}

/** @throws the engine's error; the model before stays then */
async function open(choice: ModelChoice): Promise<void> {
  cancelLoading()
  const mine = new AbortController()
  loading = mine
  const before = chosenModel.value
  chosenModel.value = choice
  status.value = { kind: 'downloading', loaded: 0, total: null }
  try {
    opened.value = await ask('open', [choice.source, chosenBackend.value], {
      report: (progress) => {
        if (mine === loading) status.value = progress
      },
      signal: mine.signal,
    })
    if (mine === loading) status.value = { kind: 'ready' }
  } catch (error) {
    if (mine === loading) {
      chosenModel.value = opened.value === null ? null : before
      status.value = { kind: opened.value === null ? 'empty' : 'ready' }
    }
    throw error
  }
}

const stays = (): string => (opened.value === null ? '' : ' The model that was loaded before is still in use.')

/** Loads a model. */
export async function chooseModel(choice: ModelChoice): Promise<void> {
  notice.value = null
  await attempt(
    `“${choice.title}” was not loaded.${stays()}`,
    async () => {
      await open(choice)
      modelInAddress.value = choice.id === models.value[0]?.id || choice.source.kind === 'files' ? null : choice.id
    },
    () => void chooseModel(choice),
  )
}

/** Loads a model of the visitor's, which is one file or several, and adds it to the list if it is one. */
export async function openFiles(files: readonly UserFile[]): Promise<void> {
  notice.value = null
  const names = files.map(({ path }) => path)
  const id = `file:${names.join(', ')}`
  const title = names.length === 1 ? names[0]! : `${names[0]} and ${names.length - 1} more`
  const choice: ModelChoice = { id, title, source: { kind: 'files', files } }
  await attempt(
    `${title} is no picture, and no checkpoint that can be used. Take a JPEG, PNG or WebP file, or a trained MobileNetV2.${stays()}`,
    async () => {
      await open(choice)
      models.value = [...models.value.filter((model) => model.id !== id), choice]
      modelInAddress.value = null
    },
  )
}

/** Compiles the model for another backend. */
export async function chooseBackend(id: BackendId): Promise<void> {
  const before = chosenBackend.value
  chosenBackend.value = id
  backendInAddress.value = id
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

/** The model of an id: one of this site, or one of the zoo. */
async function findModel(id: string): Promise<ModelChoice | undefined> {
  return (
    models.value.find((model) => model.id === id) ?? (await import('./zoo-choices.js')).zooChoices.find((model) => model.id === id)
  )
}

/** Finds out what is there, and loads the model that the address names, or else the first one of this site. */
export async function start(): Promise<void> {
  await attempt(
    'The engine did not start.',
    async () => {
      const [list, found] = await Promise.all([servedModels(), ask('backends', [])])
      models.value = list
      backends.value = found
      const usable = (id: BackendId | null): boolean => found.some((backend) => backend.id === id && backend.availability.available)
      const preferred = [backendInAddress.value as BackendId | null, 'wasm-n', 'wasm-1', 'webgpu', 'tfjs-cpu'] as const
      chosenBackend.value = preferred.find(usable) ?? 'wasm-1'
      const { value: wanted } = modelInAddress
      const choice = wanted === null ? list[0] : ((await findModel(wanted)) ?? list[0])
      if (choice === undefined) status.value = { kind: 'empty' }
      else await chooseModel(choice)
    },
    () => void start(),
  )
}
