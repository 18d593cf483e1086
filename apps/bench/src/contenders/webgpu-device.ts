interface Adapter {
  readonly info?: { readonly vendor: string; readonly architecture: string; readonly description: string }
}

/**
 * Names the adapter that WebGPU gives, so that the report shows a software adapter.
 * @throws Error if there is no adapter
 */
export async function webgpuDevice(): Promise<string> {
  const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<Adapter | null> } }
  const adapter = await gpu?.requestAdapter()
  if (adapter == null) throw new Error('WebGPU has no adapter here')
  const { vendor = '', architecture = '', description = '' } = adapter.info ?? {}
  return [vendor, architecture, description].filter((part) => part !== '').join(' ') || 'unnamed adapter'
}
