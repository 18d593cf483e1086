import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder with model files that the environment names, if it does. */
export function modelsFolder(): string | undefined {
  return process.env.MOBILENETV2_MODELS || undefined
}

/** The path of a file in a folder. */
export function pathOf(folder: string, name: string): string {
  return join(folder, name)
}

/** Bytes of the file, or null where there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ? found.size : null
}

/** The file's bytes. */
export async function readModelFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(path)
}
