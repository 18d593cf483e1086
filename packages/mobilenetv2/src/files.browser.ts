/** In a browser a path is relative to the page, and read as every other address. */
export async function readLocal(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(location, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(`HTTP status ${response.status} ${response.statusText}`.trim())
  return new Uint8Array(await response.arrayBuffer())
}
