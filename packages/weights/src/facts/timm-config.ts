import { interpolations } from '@mobilenetv2/spec'
import { type Description, shorterSide, silent, sizeOf } from './description.js'
import { factsFrom } from './facts.js'
import { memberOf, numberOf, type PlainRecord, recordOf, tripleOf } from './plain.js'

/** The part of timm's `config.json` about preprocessing; null if the object is another file. */
function configOf(record: PlainRecord): PlainRecord | null {
  const inner = recordOf(memberOf(record, 'pretrained_cfg'))
  return inner ?? (Array.isArray(memberOf(record, 'input_size')) && memberOf(record, 'crop_pct') !== undefined ? record : null)
}

/** Whether an object is the `config.json` of timm. */
export function isTimmConfig(record: PlainRecord): boolean {
  return configOf(record) !== null
}

/**
 * The facts in timm's `config.json`, except labels, which are found elsewhere. timm resizes the shorter side to floor(size / crop_pct),
 * then crops the centre. If crop_mode is `squash`, it resizes both sides to that length.
 */
export function describeTimmConfig(record: PlainRecord, reason: string): Description {
  const config = configOf(record)
  const inputSize = memberOf(config, 'input_size')
  const [, height, width] = Array.isArray(inputSize) ? inputSize.map(numberOf) : []
  const interpolation = interpolations.find((name) => name === memberOf(config, 'interpolation'))
  const [mean, deviation] = [tripleOf(memberOf(config, 'mean')), tripleOf(memberOf(config, 'std'))]
  const fraction = numberOf(memberOf(config, 'crop_pct'))
  const mode = memberOf(config, 'crop_mode') ?? 'center'
  const architecture = memberOf(record, 'architecture')
  if (typeof architecture === 'string' && !/^mobilenetv[12]/.test(architecture)) {
    return { ...silent, other: `its architecture is ${architecture.slice(0, 40)}` }
  }
  const geometry: Description['geometry'] =
    fraction === null || !(fraction > 0)
      ? null
      : (size) => {
          if (size.height !== size.width) return { not: `timm's rule for ${size.height} x ${size.width} keeps the ratio of sides` }
          if (mode === 'squash' && fraction <= 1) return { kind: 'centralFraction', fraction }
          if (mode !== 'center')
            return {
              not: `${typeof mode === 'string' ? `crop_mode ${mode.slice(0, 40)}` : 'a crop_mode that is no text'} is not offered`,
            }
          return shorterSide(Math.floor(size.height / fraction), size, 'torchvision')
        }
  const pool = memberOf(record, 'global_pool')
  return {
    ...silent,
    unlike: typeof pool === 'string' && /max/.test(pool) && pool !== 'max' ? `global_pool is ${pool.slice(0, 40)}` : null,
    facts: factsFrom(
      {
        pool: pool === 'max' ? pool : undefined,
        interpolation,
        mean: mean ?? undefined,
        deviation: deviation?.every((value) => value > 0) ? deviation : undefined,
      },
      reason,
    ),
    size: sizeOf(height ?? null, width ?? null),
    geometry,
  }
}
