/**
 * Gives Node the WebGPU of a browser, before each file of tests: Dawn, from the npm package `webgpu`, on SwiftShader, the software
 * Vulkan driver that stands beside a Chromium. Whoever sets VK_ICD_FILENAMES has another driver. Without a driver there is no
 * adapter, and the tests fail.
 */
import { existsSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const chrome = process.env.MOBILENETV2_CHROME
const folders = [chrome ? dirname(realpathSync(chrome)) : '', '/usr/lib/chromium']
const driver = folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path))
if (driver !== undefined) process.env.VK_ICD_FILENAMES ??= driver
process.env.XDG_RUNTIME_DIR ??= tmpdir()

const { create, globals } = await import('webgpu')
Object.assign(globalThis, globals)
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]) }, configurable: true, writable: true })
