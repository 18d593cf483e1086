import { type Availability, MobileNetV2Error } from '@mobilenetv2/spec'

/** Why a backend cannot run here, and what would help. */
export type Unavailable = Extract<Availability, { readonly available: false }>

/** @throws MobileNetV2Error `BACKEND`, always */
export function refuseUnavailable({ reason, remedy }: Omit<Unavailable, 'available'>): never {
  throw new MobileNetV2Error('BACKEND', reason, { remedy })
}
