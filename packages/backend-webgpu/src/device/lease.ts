import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Target } from '../planner/tiles.js'
import { adapterKind, adapterName, findAdapter, lowLimit } from './adapter.js'

/** A device in use by one compiled model. */
export interface Lease {
  readonly device: GPUDevice
  readonly name: string
  readonly adapter: Target['adapter']
  /** Why the device is lost; null while it is not. */
  lost(): string | null
  /** Whether another device may be opened in its place: not where the device was given. */
  readonly isReplaceable: boolean
  release(): void
}

/** Features that are used where the adapter has them. */
const wantedFeatures: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16']

/** The device that all models share which were not given one. It is closed when the last of them is disposed of. */
interface Shared {
  readonly opened: Promise<Opened>
  users: number
}

interface Opened {
  readonly device: GPUDevice
  readonly info: GPUAdapterInfo | undefined
}

let shared: Shared | null = null

async function openDevice(): Promise<Opened> {
  const adapter = await findAdapter()
  if ('available' in adapter) throw new MobileNetV2Error('BACKEND', adapter.reason, { remedy: adapter.remedy })
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature))
  return { device: await adapter.requestDevice({ requiredFeatures }), info: adapter.info }
}

function watchLoss(device: GPUDevice): () => string | null {
  let lost: string | null = null
  device.lost.then(({ reason, message }) => {
    lost = [reason, message].filter((text) => text !== '').join(': ')
  })
  return () => lost
}

function describe({ device, info }: Opened): Pick<Lease, 'device' | 'name' | 'adapter' | 'lost'> {
  return { device, name: adapterName(info), adapter: adapterKind(info), lost: watchLoss(device) }
}

/**
 * The shared device, opened if need be.
 * @throws MobileNetV2Error `BACKEND` where there is none.
 */
export async function leaseShared(): Promise<Lease> {
  shared ??= { opened: openDevice(), users: 0 }
  const mine = shared
  mine.users += 1
  const leave = (): void => {
    mine.users -= 1
    if (mine.users > 0) return
    if (shared === mine) shared = null
    mine.opened.then(({ device }) => device.destroy()).catch(() => undefined)
  }
  try {
    const opened = await mine.opened
    opened.device.lost.then(() => {
      if (shared === mine) shared = null
    })
    let isReleased = false
    return {
      ...describe(opened),
      isReplaceable: true,
      release() {
        if (!isReleased) leave()
        isReleased = true
      },
    }
  } catch (error) {
    leave()
    throw error
  }
}

/**
 * A device that the caller opened and goes on to own.
 * @throws MobileNetV2Error `BACKEND` where one of its limits is too low.
 */
export function leaseGiven(device: GPUDevice): Lease {
  const low = lowLimit(device.limits)
  if (low !== null) {
    throw new MobileNetV2Error('BACKEND', 'The given device has a limit that is too low.', {
      where: `limit ${low.name}`,
      expected: String(low.needed),
      got: String(low.got),
      remedy: 'Give requestDevice() this limit in requiredLimits, or give no device.',
    })
  }
  return { ...describe({ device, info: device.adapterInfo }), isReplaceable: false, release: () => undefined }
}
