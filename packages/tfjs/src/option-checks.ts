import { refuseOption } from '@mobilenetv2/spec'

/** @throws MobileNetV2Error `OPTION` unless the value is an integer of 1 or more */
export function countOption(name: string, value: number): number {
  return Number.isSafeInteger(value) && value >= 1 ? value : refuseOption(name, value, 'an integer of 1 or more')
}

/** @throws MobileNetV2Error `OPTION` unless the value is 0 to 1, 1 excluded */
export function shareOption(name: string, value: number): number {
  return Number.isFinite(value) && value >= 0 && value < 1 ? value : refuseOption(name, value, '0 to 1, 1 excluded')
}

/** @throws MobileNetV2Error `OPTION` unless the value is an integer */
export function seedOption(value: number): number {
  return Number.isSafeInteger(value) ? value : refuseOption('seed', value, 'an integer')
}
