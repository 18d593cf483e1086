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

/** Options of `load`: those of `readNetwork` and those of `compile`. */
export interface LoadOptions extends ReadNetworkOptions, CompileOptions {}

/**
 * Loads a model: reads its network with `readNetwork`, and compiles it with `compile`.
 * @param source where the model comes from. Unless given, `imagenet-1.0-224`: the ImageNet model of 4 MB, from the folder that
 * `MOBILENETV2_MODELS` names, else from the cache, else from its publisher
 * @throws MobileNetV2Error `SOURCE` if there is no such file, or it cannot be fetched; `CHECKPOINT` if it is not a MobileNetV2 checkpoint
 * that can be read; `OPTION` if an option is wrong or has no effect; `BACKEND` if the backend cannot run here, or if the network takes more
 * memory than `maxActivationBytes`; `PARAMETERS` if weights, labels or background class do not fit the layers; the signal's reason. The
 * code `INPUT` of `compile` cannot come from `load`, which always compiles a network
 * @example
 * ```ts
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth', { backend: 'wasm' })
 * const [best] = await model.classify('cat.jpg')
 * console.log(best?.label, best?.probability)
 * ```
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
    // After an abort nobody takes the model that the backend is still compiling.
    model.then(
      ({ dispose }) => dispose(),
      () => {},
    )
    throw error
  })
}
