import { existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const driverFile = 'vk_swiftshader_icd.json'

/** The software Vulkan driver that a Chromium brings: beside its executable, or where distributions install it. */
function softwareDriver(): string | undefined {
  const chrome = process.env.MOBILENETV2_CHROME
  const folders = [...(chrome ? [dirname(realpathSync(chrome))] : []), '/usr/lib/chromium', '/usr/lib64/chromium-browser']
  return folders.map((folder) => join(folder, driverFile)).find((path) => existsSync(path))
}

/** What `provideWebGpu` takes. */
export interface NodeWebGpuOptions {
  /** `software` is SwiftShader; `system` is what the Vulkan loader finds by itself. `software` unless given. */
  readonly driver?: 'software' | 'system' | undefined
  /** Switches of Dawn, as `backend=vulkan` or `disable-dawn-features=NAME`. */
  readonly switches?: readonly string[] | undefined
}

/**
 * Gives Node the `navigator.gpu` of a browser: Dawn, from the npm package `webgpu`, on SwiftShader; whoever sets `VK_ICD_FILENAMES`
 * has another driver.
 * @throws Error where there is no adapter: a test that needs one fails, and does not skip
 */
export async function provideWebGpu({ driver = 'software', switches = [] }: NodeWebGpuOptions = {}): Promise<void> {
  const file = driver === 'software' ? softwareDriver() : undefined
  if (file !== undefined) process.env.VK_ICD_FILENAMES ??= file
  // Without a folder of the user's, the Vulkan loader finds no driver.
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
