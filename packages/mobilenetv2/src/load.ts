import { abortable, checkOptionNames } from '@mobilenetv2/spec'
import { type CompileOptions, checkCompileOptions, compileOptionNames } from './backends.js'
import { compile, type Model } from './model.js'
import {
  defaultModel,
  type ModelSource,
  type ReadNetworkOptions,
  readNetworkOptionNames,
  readTaken,
  takeSource,
} from './read-network.js'

/** What `load` takes beside its source: what `readNetwork` and `compile` take. */
export interface LoadOptions extends ReadNetworkOptions, CompileOptions {}

/**
 * Loads a model: reads its network, and compiles it.
 * @param source where the model comes from. Unless given, `imagenet-1.0-224`: the ImageNet model of 4 MB, from the folder that
 * `MOBILENETV2_MODELS` names, else from the cache, else from its publisher
 * @throws MobileNetV2Error as `readNetwork` and `compile`; the signal's reason
 */
export async function load(source: ModelSource = defaultModel, options: LoadOptions = {}): Promise<Model> {
  checkOptionNames(options, [...readNetworkOptionNames, ...compileOptionNames])
  const { backend, threads, precision, wide, workerUrl, modules, maxActivationBytes, ...reading } = options
  const compiling = { backend, threads, precision, wide, workerUrl, modules, maxActivationBytes }
  const taken = takeSource(source)
  await checkCompileOptions(compiling)
  const network = await readTaken(taken, reading)
  const { signal } = options
  signal?.throwIfAborted()
  const model = compile(network, compiling)
  return abortable(model, signal).catch((error: unknown) => {
    // A backend that is still compiling for nobody.
    model.then(
      ({ dispose }) => dispose(),
      () => {},
    )
    throw error
  })
}
