import { type Backend, defineMobileNetV2 } from '@mobilenetv2/spec'
import { toParameters } from '@mobilenetv2/weights'
import { type BackendName, compileOn } from './backends.js'
import { classesOf } from './classes.js'
import { type Model, type ModelInfo, type ModelParts, makeModel } from './model.js'
import { type ModelSource, type OpenOptions, openModel } from './model-source.js'

/** What runs a model. */
interface CompileChoice {
  /** `auto` unless given: the fastest that is here, timed once for each size of network. */
  readonly backend?: BackendName | Backend
  /** Threads of the backend `wasm`, 0 to 64; its own choice unless given. */
  readonly threads?: number
}

/** What `load` takes beside its source. */
export interface LoadOptions extends OpenOptions, CompileChoice {
  /** Names of the classes in the order of the logits; a label `background` is none of the answers. */
  readonly labels?: readonly string[]
}

/** A model that no backend has compiled yet: plain data, which can be sent to a worker. */
export interface ModelContent extends Omit<ModelParts, 'backend' | 'compiled' | 'info'> {
  readonly info: Omit<ModelInfo, 'backend' | 'device'>
}

/**
 * The first half of `load`: reads the checkpoint and works out its architecture and its preprocessing from the file.
 * @throws MobileNetV2Error as `load`, but for `BACKEND`
 */
export async function readModel(source: ModelSource, options: Omit<LoadOptions, keyof CompileChoice> = {}): Promise<ModelContent> {
  const { checkpoint, inferred, labels } = await openModel(source, options)
  const architecture = defineMobileNetV2(inferred.options)
  const known = options.labels ?? labels ?? inferred.labels ?? null
  const classes = await classesOf(architecture.classes, known, inferred.backgroundClass)
  options.signal?.throwIfAborted()
  const { file, format } = checkpoint
  const { naming, preprocessing, reasons } = inferred
  return {
    parameters: toParameters(checkpoint, architecture),
    classes,
    info: { file, format, naming, architecture, preprocessing, reasons },
  }
}

/**
 * The second half of `load`: compiles.
 * @throws MobileNetV2Error `BACKEND` where the backend cannot run here
 */
export async function compileModel(
  content: ModelContent,
  { backend: wanted = 'auto', threads }: CompileChoice = {},
): Promise<Model> {
  const { parameters, classes, info } = content
  const { backend, compiled, reason } = await compileOn(wanted, info.architecture, parameters, threads)
  const { device } = compiled
  const reasons = [...info.reasons, `backend ${reason}`]
  return makeModel({ backend, compiled, parameters, classes, info: { ...info, backend: compiled.backend, device, reasons } })
}

/**
 * Loads a model: reads the checkpoint, works out its architecture and its preprocessing from the file, and compiles it.
 * @throws MobileNetV2Error `SOURCE` where there is no such file, `CHECKPOINT` where it is no MobileNetV2 checkpoint that can be
 * read, `BACKEND` where the backend cannot run here, `OPTION` where the labels do not fit.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  return compileModel(await readModel(source, options), options)
}
