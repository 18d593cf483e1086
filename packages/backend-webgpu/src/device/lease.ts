import { refuseUnavailable } from '@mobilenetv2/runtime'
import { type Availability, type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Target } from '../planner/tiles.js'
import { adapterKind, adapterName, availableOn, findAdapter } from './adapter.js'
import { type Precision, shortcoming } from './shortcoming.js'

/** A device in use by one compiled model. */
export interface Lease {
  readonly device: Global<'GPUDevice'>
  readonly name: string
  readonly adapter: Target['adapter']
  /** Why the device was lost; null if it was not. */
  lost(): string | null
  /** Whether another device may be opened after a loss. It may not if the caller gave the device. */
  readonly isReplaceable: boolean
  release(): void
}

/** Features that are used if the adapter has them. */
const wantedFeatures: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16']

/** The device that all models without a given device share. It is closed when the last of them is disposed of. */
interface Shared {
  readonly opened: Promise<Opened>
  users: number
}

interface Opened {
  readonly device: GPUDevice
  readonly info: GPUAdapterInfo | undefined
}

let shared: Shared | null = null

function refuseShortcoming({ device, info }: Opened, precision: Precision): void {
  const found = shortcoming(adapterName(info), device, precision)
  if (found !== null) refuseUnavailable(found)
}

async function openDevice(): Promise<Opened> {
  // Only the needs of float32 are checked here, because models of both precisions share the device.
  const adapter = await findAdapter('float32')
  if ('available' in adapter) refuseUnavailable(adapter)
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature))
  try {
    return { device: await adapter.requestDevice({ requiredFeatures }), info: adapter.info }
  } catch (cause) {
    throw new MobileNetV2Error('BACKEND', 'The adapter cannot open a device.', {
      where: adapterName(adapter.info),
      got: String(cause),
      remedy: 'Close other programs that use the graphics card, and update its driver; or use the wasm backend.',
      cause,
    })
  }
}

function lossText({ reason, message }: GPUDeviceLostInfo): string {
  return [reason, message].filter((text) => text !== '').join(': ')
}

function watchLoss(device: GPUDevice): () => string | null {
  let lost: string | null = null
  device.lost.then((info) => {
    lost = lossText(info)
  })
  return () => lost
}

function describe({ device, info }: Opened): Pick<Lease, 'device' | 'name' | 'adapter' | 'lost'> {
  return { device, name: adapterName(info), adapter: adapterKind(info), lost: watchLoss(device) }
}

/**
 * The shared device, which is opened for its first model.
 * @throws MobileNetV2Error `BACKEND` if there is no device, or if it does not support the precision
 */
export async function leaseShared(precision: Precision): Promise<Lease> {
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
    refuseShortcoming(opened, precision)
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
 * A device that the caller opened and still owns.
 * @throws MobileNetV2Error `BACKEND` if one of its limits is too low, or if it does not support the precision
 */
export function leaseGiven(device: Global<'GPUDevice'>, precision: Precision): Lease {
  const opened = { device, info: device.adapterInfo }
  refuseShortcoming(opened, precision)
  return { ...describe(opened), isReplaceable: false, release: () => undefined }
}

/** Whether models of a precision can run on a device that the caller opened. */
export async function givenAvailability(device: Global<'GPUDevice'>, precision: Precision): Promise<Availability> {
  const found = shortcoming(adapterName(device.adapterInfo), device, precision)
  if (found !== null) return found
  const loss = await Promise.race([device.lost, null])
  if (loss === null) return availableOn(device.adapterInfo)
  return {
    available: false,
    reason: `The given device was lost: ${lossText(loss)}.`,
    remedy: 'Give another device, or leave out the option device.',
  }
}
