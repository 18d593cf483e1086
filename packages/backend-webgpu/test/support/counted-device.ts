/** The counts of a device's buffers, submissions and mappings since counting began. */
export interface Counts {
  created: number
  alive: number
  submitted: number
  mapped: number
}

/** Opens a device as its users would, and counts its buffers, submissions and mappings. */
export async function countedDevice(): Promise<{ device: GPUDevice; counts: Counts }> {
  const adapter = await navigator.gpu.requestAdapter()
  const device = await adapter!.requestDevice()
  return { device, counts: countOn(device) }
}

/** Counts what happens on a device that is open already. */
export function countOn(device: GPUDevice): Counts {
  const counts = { created: 0, alive: 0, submitted: 0, mapped: 0 }
  const createBuffer = device.createBuffer.bind(device)
  const submit = device.queue.submit.bind(device.queue)
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor)
    const destroy = buffer.destroy.bind(buffer)
    const mapAsync = buffer.mapAsync.bind(buffer)
    let isAlive = true
    counts.created += 1
    counts.alive += 1
    buffer.destroy = () => {
      if (isAlive) counts.alive -= 1
      isAlive = false
      destroy()
    }
    buffer.mapAsync = (...how) => {
      counts.mapped += 1
      return mapAsync(...how)
    }
    return buffer
  }
  device.queue.submit = (commands) => {
    counts.submitted += 1
    submit(commands)
  }
  return counts
}
