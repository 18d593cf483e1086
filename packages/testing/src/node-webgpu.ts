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

/**
 * Gives Node the `navigator.gpu` of a browser: Dawn, from the npm package `webgpu`, on SwiftShader; whoever sets `VK_ICD_FILENAMES`
 * has another driver.
 * @throws Error where there is no adapter: a test that needs one fails, and does not skip
 */
export async function provideWebGpu(): Promise<void> {
  const driver = softwareDriver()
  if (driver !== undefined) process.env.VK_ICD_FILENAMES ??= driver
  // Without a folder of the user's, the Vulkan loader finds no driver.
  process.env.XDG_RUNTIME_DIR ??= tmpdir()
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  if ((await gpu.requestAdapter()) === null) {
    throw new Error('WebGPU has no adapter in Node. Debian: apt-get install chromium libvulkan1')
  }
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true, writable: true })
}
