import { type Signal, signal } from '@preact/signals'
import type { BackendChoice, BackendId } from '../engine/backends.js'
import { ask } from '../engine/client.js'
import type { Opened, Opening } from '../engine/operations.js'
import type { UserFile } from '../engine/source.js'
import { backendNames } from '../view/backend-names.js'
import { addressed } from './address.js'
import { attempt, notice } from './messages.js'
import { type ModelChoice, servedModels } from './model-choices.js'
import { whyNotLoaded } from './words.js'

/** What the engine is doing. */
export type Status = { readonly kind: 'starting' } | Opening | { readonly kind: 'ready' } | { readonly kind: 'empty' }

/** The models of this site and the visitor's own; those of the zoo are in `zoo-choices.ts`, which is loaded when it is needed. */
export const models: Signal<readonly ModelChoice[]> = signal<readonly ModelChoice[]>([])
/** The model that is loaded, or the one on its way. */
export const chosenModel: Signal<ModelChoice | null> = signal<ModelChoice | null>(null)
/** Empty until `findBackends` has found them. */
export const backends: Signal<readonly BackendChoice[]> = signal<readonly BackendChoice[]>([])
export const chosenBackend: Signal<BackendId> = signal<BackendId>('wasm-1')
export const status: Signal<Status> = signal<Status>({ kind: 'starting' })
export const opened: Signal<Opened | null> = signal<Opened | null>(null)

/** The visitor's checkpoint that was taken last, for the note on what was worked out about it; null once the note is closed. */
export const taken: Signal<string | null> = signal<string | null>(null)

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
  taken.value = null
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
      await open(choice).catch((error: unknown) => {
        throw whyNotLoaded(error)
      })
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
      taken.value = title
    },
  )
}

/** Compiles the model for another backend. */
export async function chooseBackend(id: BackendId): Promise<void> {
  const before = { chosen: chosenBackend.value, inAddress: backendInAddress.value }
  chosenBackend.value = id
  backendInAddress.value = id
  notice.value = null
  if (opened.value === null) return
  status.value = { kind: 'compiling' }
  await attempt('The backend was not changed.', async () => {
    try {
      opened.value = await ask('use', [id])
    } catch (error) {
      chosenBackend.value = before.chosen
      backendInAddress.value = before.inAddress
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

/** Threads share memory only on a page that is cross-origin isolated. */
const usualBackend: BackendId = globalThis.crossOriginIsolated && navigator.hardwareConcurrency > 1 ? 'wasm-n' : 'wasm-1'

const isBackend = (id: string | null): id is BackendId => id !== null && id in backendNames

let finding = false

/** Finds out which backends can run here, for those who show them: it takes code of every backend. */
export function findBackends(): void {
  if (finding || backends.value.length > 0) return
  finding = true
  void attempt('The list of backends was not made.', async () => {
    try {
      backends.value = await ask('backends', [])
    } finally {
      finding = false
    }
  })
}

/** Loads the model that the address names, or else the first one of this site. */
export async function start(): Promise<void> {
  const { value: backend } = backendInAddress
  chosenBackend.value = isBackend(backend) ? backend : usualBackend
  await attempt(
    'The site did not start. Check that you are online.',
    async () => {
      models.value = await servedModels()
      const { value: wanted } = modelInAddress
      const choice = (wanted === null ? undefined : await findModel(wanted)) ?? models.value[0]
      if (choice === undefined) status.value = { kind: 'empty' }
      else await chooseModel(choice)
    },
    () => void start(),
  )
}
