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

/** What `onnxruntime` takes. */
export interface OnnxRuntimeOptions {
  /**
   * ONNX Runtime's execution providers. The first runs each layer that it can, the next what is left. Only if `cpu` is the last, may
   * a layer run on the CPU. `['cpu']` unless given.
   */
  readonly providers?: readonly ProviderName[] | undefined
  /** Threads of the provider `cpu`, 1 to 64. Unless given, ONNX Runtime chooses: one for each physical core. */
  readonly threads?: number | undefined
}

/**
 * Most pictures that the CPU takes at once. More were not faster, need memory in proportion, and leave a signal waiting.
 */
const largestRunOnCpu = 8

/**
 * MobileNetV2 on ONNX Runtime's native kernels in Node, through `onnxruntime-node`, which must be installed. Each model has a worker
 * thread, so that a run does not block the calling thread. A layer that none of the providers can run is an error: nothing falls back
 * to the CPU unless `providers` ends with `cpu`.
 * @throws MobileNetV2Error `OPTION` where an option is unknown or out of its range, or `threads` is given without the provider `cpu`
 */
export function onnxruntime(options: OnnxRuntimeOptions = {}): Backend {
  checkOptionNames(options, ['providers', 'threads'])
  const { threads } = options
  const providers = checkProviders(options.providers ?? ['cpu'])
  const usesCpu = providers.includes('cpu')
  const startsOnCpu = providers[0] === 'cpu'
  if (threads !== undefined) {
    integerOption('threads', threads, 1, 64)
    if (!usesCpu) refuseOption('threads', threads, "nothing, or providers that end with 'cpu': only that has threads")
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
        // Whether a provider's libraries and device are there, only a session tells.
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
