import { checkOptionNames } from '@mobilenetv2/spec'
import { backendOptionNames, type CompileOptions, checkCompileOptions } from './backends.js'
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
 * @throws MobileNetV2Error as `readNetwork` and `compile`
 */
export async function load(source: ModelSource = defaultModel, options: LoadOptions = {}): Promise<Model> {
  checkOptionNames(options, [...readNetworkOptionNames, 'backend', ...backendOptionNames])
  const { backend, threads, precision, ...reading } = options
  const taken = takeSource(source)
  const compiling = { backend, threads, precision }
  await checkCompileOptions(compiling)
  return compile(await readTaken(taken, reading), compiling)
}
