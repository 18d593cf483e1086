import { existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const driverFile = 'vk_swiftshader_icd.json'

/** The software Vulkan driver of a Chromium. It lies beside the executable, or where distributions install it. */
function softwareDriver(): string | undefined {
  const chrome = process.env.MOBILENETV2_CHROME
  const folders = [...(chrome ? [dirname(realpathSync(chrome))] : []), '/usr/lib/chromium', '/usr/lib64/chromium-browser']
  return folders.map((folder) => join(folder, driverFile)).find((path) => existsSync(path))
}

/** Options of `provideWebGpu`. */
export interface NodeWebGpuOptions {
  /** `software` unless given: SwiftShader. `system`: the driver that the Vulkan loader finds. */
  readonly driver?: 'software' | 'system' | undefined
  /** Switches of Dawn, such as `backend=vulkan` or `disable-dawn-features=NAME`. */
  readonly switches?: readonly string[] | undefined
}

/**
 * Gives Node a `navigator.gpu` as in a browser: Dawn, from the npm package `webgpu`. If `VK_ICD_FILENAMES` is set, its driver is used in
 * place of SwiftShader.
 * @throws Error if there is no adapter, so that a test that needs one fails and is not skipped
 */
export async function provideWebGpu({ driver = 'software', switches = [] }: NodeWebGpuOptions = {}): Promise<void> {
  const file = driver === 'software' ? softwareDriver() : undefined
  if (file !== undefined) process.env.VK_ICD_FILENAMES ??= file
  // The Vulkan loader finds no driver if XDG_RUNTIME_DIR is not set.
  process.env.XDG_RUNTIME_DIR ??= tmpdir()
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([...switches])
  if ((await gpu.requestAdapter()) === null) {
    const remedy = driver === 'software' ? 'Debian: apt-get install chromium libvulkan1' : 'Does vulkaninfo list a driver?'
    throw new Error(`WebGPU has no adapter in Node. ${remedy}`)
  }
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true, writable: true })
}
