import { type Availability, MobileNetV2Error } from '@mobilenetv2/spec'

/** Why a backend cannot run here, and what would help. */
export type Unavailable = Extract<Availability, { readonly available: false }>

/**
 * Throws the error for a backend that cannot run here.
 * @throws MobileNetV2Error `BACKEND`, always
 * @internal
 */
export function refuseUnavailable({ reason, remedy }: Omit<Unavailable, 'available'>): never {
  throw new MobileNetV2Error('BACKEND', reason, { remedy })
}
