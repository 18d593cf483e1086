import { refuseOption, shortened } from '@mobilenetv2/spec'
import type { Classes } from '../network.js'
import type { Fact, Facts } from './facts.js'
import { backgroundAmong, fitsLogits } from './label-counts.js'

/**
 * A function that names the classes if nothing else does. It is given their number without a background class, and gives labels and the
 * reason for them; null if it has none.
 */
export type UsualLabels = (answers: number) => Promise<Fact<readonly string[]> | null>

function classesText(count: number): string {
  return count === 1 ? 'one class' : `${count} classes`
}

/** Control characters and line separators. */
const breaking = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** Characters that change the direction of the text around them. */
const directional = /\p{Bidi_Control}/gu

/** A label that is safe to print: short, and without control characters, which a terminal would obey. The file may not be trusted. */
function cleaned(label: string): string {
  const short = shortened(label)
  const shown = short.replace(breaking, ' ').replace(directional, '')
  return shown === short ? short : shown.trim()
}

/** The reasons of a network except those about its classes. */
export function withoutClasses(reasons: readonly string[]): string[] {
  return reasons.filter((reason) => !/^(no )?(background class|labels)\b|^output /.test(reason))
}

/**
 * What the logits stand for, with reasons. Labels may name the background class or leave it out. If they name it, its index follows from
 * them, unless the source of the labels states the index too.
 * @param count length of the logits
 * @throws MobileNetV2Error `OPTION` if there are more or fewer labels than classes
 */
export async function classesOf(
  { labels, background: stated, output }: Facts,
  count: number,
  usualLabels: UsualLabels | undefined,
): Promise<{ readonly classes: Classes; readonly reasons: readonly string[] }> {
  // If one source states both the labels and the background class, a label `background` does not change what it states.
  const isSaid = labels !== undefined && labels.reason === stated?.reason
  const labelled = !isSaid && labels?.value.length === count ? backgroundAmong(labels.value) : null
  const background = labelled ?? stated?.value ?? null
  const answers = count - (background === null ? 0 : 1)
  const backgroundReason = labelled !== null ? 'its label says so' : (stated?.reason ?? 'nothing names one')
  const known = labels ?? (count === 0 ? null : await usualLabels?.(answers)) ?? null
  if (known !== null && !fitsLogits(known.value, count, output?.value) && known.value.length !== answers) {
    const both = background !== null ? `, or ${count} with the background class` : count === 1 ? ', or 2 with output sigmoid' : ''
    refuseOption('labels', `${known.value.length} labels (${known.reason})`, `${answers} labels${both}`)
  }
  const named = (known?.value ?? []).map(cleaned)
  const all = background !== null && named.length === count ? named.filter((_, index) => index !== background) : named
  const outputReason = count === 0 ? 'there is no classifier' : (output?.reason ?? 'nothing says how the last layer is read')
  return {
    classes: {
      labels: all,
      background,
      output: output?.value ?? 'logits',
      outputReason,
    },
    reasons:
      count === 0
        ? []
        : [
            `${background === null ? 'no background class' : `background class ${background}`}: ${backgroundReason}`,
            known === null
              ? `no labels: nothing names the ${classesText(answers)}`
              : `labels of ${classesText(all.length)}: ${known.reason}`,
            `output ${output?.value ?? 'logits'}: ${outputReason}`,
          ],
  }
}
