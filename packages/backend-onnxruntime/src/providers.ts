import { refuseOption } from '@mobilenetv2/spec'
import type { LoadFailure } from './load-failure.js'
import type { Runtime } from './runtime.js'

const providerNames = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const

/** An execution provider of ONNX Runtime in Node. Which providers a build has depends on the platform. */
export type ProviderName = (typeof providerNames)[number]

/**
 * Checks the option `providers`. ONNX Runtime always tries the CPU last, so another order is refused.
 * @throws MobileNetV2Error `OPTION`
 */
export function checkProviders(providers: readonly ProviderName[]): readonly ProviderName[] {
  const valid =
    Array.isArray(providers) &&
    providers.length > 0 &&
    providers.every((name) => providerNames.includes(name)) &&
    new Set(providers).size === providers.length &&
    !providers.slice(0, -1).includes('cpu')
  if (!valid) refuseOption('providers', providers, `one or more of ${providerNames.join(', ')}, each once, cpu last`)
  return [...providers]
}

const remedies: Readonly<Record<ProviderName, string>> = {
  cpu: 'Read the reason above.',
  cuda: "Install NVIDIA's driver, CUDA 12 and cuDNN 9, and run npm rebuild onnxruntime-node, which downloads the provider's libraries.",
  tensorrt:
    "Install NVIDIA's driver, CUDA 12, cuDNN 9 and TensorRT 10, and run npm rebuild onnxruntime-node, which downloads the provider's libraries.",
  webgpu: 'Install a driver for the GPU; on Linux also libvulkan1.',
  dml: 'Use Windows with a GPU that has DirectX 12.',
  coreml: 'Use macOS.',
}

/** The providers as a model's `device` shows them, such as `cuda, else cpu`. */
export const providersText = (providers: readonly ProviderName[]): string => providers.join(', else ')

/** What would help if a provider cannot be used. */
export function remedyFor(providers: readonly ProviderName[]): string {
  const [first = 'cpu'] = providers
  return first === 'cpu' ? remedies.cpu : `${remedies[first]} Or leave out the option providers, to run on the CPU.`
}

/** The failure if this build does not have one of the wanted providers; null if it has all of them. */
export function missingProvider({ version, providers: known }: Runtime, wanted: readonly ProviderName[]): LoadFailure | null {
  const missing = wanted.find((name) => !known.includes(name))
  if (missing === undefined) return null
  return {
    kind: 'provider',
    reason: `onnxruntime-node ${version} for ${process.platform} ${process.arch} has no provider ${missing}.`,
    remedy: `Use a provider that it has: ${known.join(', ')}.`,
  }
}
