import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const driverFile = 'vk_swiftshader_icd.json'

/** The software driver that a Chromium brings: beside its executable, or where distributions install it. */
function softwareDriver(): string | null {
  const chrome = process.env.MOBILENETV2_CHROME
  const folders = [...(chrome ? [dirname(chrome)] : []), '/usr/lib/chromium', '/usr/lib64/chromium-browser']
  return folders.map((folder) => join(folder, driverFile)).find((path) => existsSync(path)) ?? null
}

/** Gives Node a `navigator.gpu` (Dawn). The software driver is used unless `VK_ICD_FILENAMES` names another; false where there is none. */
export async function provideWebGpu(): Promise<boolean> {
  process.env.VK_ICD_FILENAMES ??= softwareDriver() ?? ''
  // Without a folder of the user's, the Vulkan loader finds no driver.
  process.env.XDG_RUNTIME_DIR ??= tmpdir()
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create([])
  if ((await gpu.requestAdapter()) === null) return false
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  return true
}
