import { refuseUnavailable } from '@mobilenetv2/runtime'
import {
  type Availability,
  type Backend,
  checkOptionNames,
  inputLength,
  integerOption,
  MobileNetV2Error,
  refuseOption,
} from '@mobilenetv2/spec'
import { createCompiledModel } from './compiled-model.js'
import type { LoadFailure } from './load-failure.js'
import { modelOf, probeModel, weightBytes } from './onnx-model.js'
import { profileLayers, profileNetwork } from './profile.js'
import { checkProviders, missingProvider, type ProviderName, providersText, remedyFor } from './providers.js'
import { onnxRuntime, type Runtime } from './runtime.js'
import { openSession, type Session, type SessionOptions } from './session.js'

/** Options of `onnxruntime`. */
export interface OnnxRuntimeOptions {
  /**
   * ONNX Runtime's execution providers; `['cpu']` unless given. The first provider runs every layer that it can, and the next one the
   * layers that are left. A layer runs on the CPU only if `cpu` is the last provider.
   */
  readonly providers?: readonly ProviderName[] | undefined
  /** Threads of the provider `cpu`, 1 to 64. Unless given, ONNX Runtime chooses: one for each physical core. */
  readonly threads?: number | undefined
}

/** The most pictures in one run on the CPU. Larger runs were not faster, take more memory, and delay an abort. */
const largestRunOnCpu = 8

/**
 * The backend `onnxruntime`: ONNX Runtime's native kernels in Node, through `onnxruntime-node`, which must be installed. Each model has a
 * worker thread, so that a run does not block the calling thread. If none of the providers can run a layer, `compile` fails: there is no
 * fallback to the CPU unless `providers` ends with `cpu`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range, or if `threads` is given without the provider `cpu`.
 * `compile` throws `BACKEND` if ONNX Runtime or a provider cannot be used, and `PARAMETERS` if the parameters do not fit the architecture
 * @example
 * ```ts
 * import { onnxruntime } from '@mobilenetv2/backend-onnxruntime'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth', { backend: onnxruntime({ providers: ['cuda', 'cpu'] }) })
 * console.log(model.device)
 * ```
 */
export function onnxruntime(options: OnnxRuntimeOptions = {}): Backend {
  checkOptionNames(options, ['providers', 'threads'])
  const { threads } = options
  const providers = checkProviders(options.providers ?? ['cpu'])
  const usesCpu = providers.includes('cpu')
  const startsOnCpu = providers[0] === 'cpu'
  if (threads !== undefined) {
    integerOption('threads', threads, 1, 64)
    if (!usesCpu) refuseOption('threads', threads, "no value, or providers that end with 'cpu': only the provider cpu has threads")
  }
  const sessionOptions: SessionOptions = {
    executionProviders: providers,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(usesCpu ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  }

  const deviceOf = ({ version }: Runtime): string => {
    const text = `onnxruntime ${version} ${providersText(providers)}`
    return threads === undefined ? text : `${text}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  }

  const open = (): Runtime | LoadFailure => {
    const found = onnxRuntime()
    return 'reason' in found ? found : (missingProvider(found, providers) ?? found)
  }

  const openModel = async (
    { path }: Runtime,
    model: Uint8Array<ArrayBuffer>,
    more: Partial<SessionOptions> = {},
  ): Promise<Session> => {
    try {
      return await openSession(path, model, { ...sessionOptions, ...more })
    } catch (cause) {
      const got = cause instanceof MobileNetV2Error ? cause.details.got : undefined
      throw new MobileNetV2Error('BACKEND', `ONNX Runtime cannot run the network on ${providersText(providers)}.`, {
        got: got ?? String(cause),
        remedy: remedyFor(providers),
        cause,
      })
    }
  }

  return {
    name: 'onnxruntime',
    async availability(): Promise<Availability> {
      const found = open()
      if ('reason' in found) return { available: false, reason: found.reason, remedy: found.remedy }
      if (!startsOnCpu) {
        // Only opening a session shows whether the provider's libraries and device are there.
        try {
          const session = await openModel(found, probeModel())
          await session.close(new Error('only a probe'))
        } catch (error) {
          const { got } = (error as MobileNetV2Error).details
          const reason = `onnxruntime-node ${found.version} cannot use ${providersText(providers)}: ${got}`
          return { available: false, reason, remedy: remedyFor(providers) }
        }
      }
      return { available: true, device: deviceOf(found) }
    },
    async compile(architecture, parameters) {
      const found = open()
      if ('reason' in found) refuseUnavailable(found)
      const { layers, input } = architecture
      const session = await openModel(found, modelOf(architecture, parameters))
      const runZeros = (on: Session): Promise<unknown> => {
        const { height, width, channels } = input
        return on.run(new Float32Array(inputLength(architecture)), [1, height, width, channels], ['logits'])
      }
      return createCompiledModel({
        architecture,
        device: deviceOf(found),
        session,
        weightBytes: weightBytes(architecture),
        largestRun: startsOnCpu ? largestRunOnCpu : Number.POSITIVE_INFINITY,
        profile: startsOnCpu
          ? (throwIfEnded) =>
              profileLayers(
                layers,
                (more) => openModel(found, modelOf(architecture, parameters), more),
                (on) => {
                  throwIfEnded()
                  return runZeros(on)
                },
              )
          : (throwIfEnded) =>
              profileNetwork(layers, () => {
                throwIfEnded()
                return runZeros(session)
              }),
      })
    },
  }
}
