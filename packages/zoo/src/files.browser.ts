// A browser has no folder of model files: nothing is ever found, and the entries that need one say so.

export function modelsFolder(): string | undefined {
  return undefined
}

export function pathOf(folder: string, name: string): string {
  return `${folder}/${name}`
}

export async function sizeOf(_path: string): Promise<number | null> {
  return null
}

export async function readModelFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  throw new Error(`a browser cannot read ${path}`)
}
