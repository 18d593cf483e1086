import { type Backend, defineMobileNetV2 } from '@mobilenetv2/spec'
import { toParameters } from '@mobilenetv2/weights'
import { type BackendName, compileOn } from './backends.js'
import { classesOf } from './classes.js'
import { type Model, makeModel } from './model.js'
import { type ModelSource, type OpenOptions, openModel } from './model-source.js'

/** What `load` takes beside its source. */
export interface LoadOptions extends OpenOptions {
  /** `auto` unless given: the fastest that is here, timed once for each size of network. */
  readonly backend?: BackendName | Backend
  /** Threads of the backend `wasm`, 0 to 64; its own choice unless given. */
  readonly threads?: number
  /** Names of the classes in the order of the logits; a label `background` is none of the answers. */
  readonly labels?: readonly string[]
}

/**
 * Loads a model: reads the checkpoint, works out its architecture and its preprocessing from the file, and compiles it.
 * @throws MobileNetV2Error `SOURCE` where there is no such file, `CHECKPOINT` where it is no MobileNetV2 checkpoint that can be
 * read, `BACKEND` where the backend cannot run here, `OPTION` where the labels do not fit.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const { signal } = options
  const { checkpoint, inferred, labels } = await openModel(source, options)
  const architecture = defineMobileNetV2(inferred.options)
  const known = options.labels ?? labels ?? inferred.labels ?? null
  const classes = await classesOf(architecture.classes, known, inferred.backgroundClass)
  signal?.throwIfAborted()
  const parameters = toParameters(checkpoint, architecture)
  const { backend, compiled, reason } = await compileOn(options.backend ?? 'auto', architecture, parameters, options.threads)
  return makeModel({
    backend,
    compiled,
    parameters,
    classes,
    info: {
      file: checkpoint.file,
      format: checkpoint.format,
      naming: inferred.naming,
      architecture,
      preprocessing: inferred.preprocessing,
      backend: compiled.backend,
      device: compiled.device,
      reasons: [...inferred.reasons, `backend ${reason}`],
    },
  })
}
