/** In a browser a path is an address relative to the page. */
export async function readLocal(location: string, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(location, signal === undefined ? {} : { signal })
  if (!response.ok) throw new Error(`HTTP status ${response.status} ${response.statusText}`.trim())
  return new Uint8Array(await response.arrayBuffer())
}
