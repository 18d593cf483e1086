import { factsOf } from '../registry.js'
import type { Report, Result } from '../result.js'
import { bytes, milliseconds, percent, ratio } from './format.js'
import { groupsOf } from './groups.js'
import { element, escapeText } from './svg.js'

function tile(figure: string, meaning: string): string {
  return element('div', { class: 'tile' }, element('b', {}, escapeText(figure)), element('span', {}, escapeText(meaning)))
}

const isOwn = ({ contender }: Result): boolean => factsOf(contender).own !== null

/** The headline of a report: this project's first contender beside the fastest peer that runs the same network. */
export function tilesOf(report: Report): string {
  const group = groupsOf(report)
    .filter(({ results }) => results.some((result) => isOwn(result) && result.medianMs !== null))
    .toSorted((a, b) => a.results[0]!.where.localeCompare(b.results[0]!.where))[0]
  const own = group?.results.find((result) => isOwn(result) && result.medianMs !== null)
  if (group === undefined || own === undefined || own.medianMs === null) return ''
  const peers = group.results.filter((result) => !isOwn(result) && result.medianMs !== null && result.note === null)
  const fastest = peers.toSorted((a, b) => a.medianMs! - b.medianMs!)[0]
  const quickest = peers.filter(({ coldMs }) => coldMs !== null).toSorted((a, b) => a.coldMs! - b.coldMs!)[0]
  const smallest = peers
    .filter(({ downloadBytes }) => downloadBytes !== null)
    .toSorted((a, b) => a.downloadBytes! - b.downloadBytes!)[0]
  return element(
    'div',
    { class: 'tiles' },
    tile(milliseconds(own.medianMs), `${own.contender}, ${group.title}`),
    fastest === undefined
      ? ''
      : tile(ratio(fastest.medianMs! / own.medianMs), `as fast as ${fastest.contender} (${milliseconds(fastest.medianMs)})`),
    own.peakShare === null
      ? ''
      : tile(percent(own.peakShare), `of the SIMD peak of ${group.peak?.gflops.toFixed(0) ?? '?'} GFLOP/s`),
    own.coldMs === null
      ? ''
      : tile(
          milliseconds(own.coldMs),
          `to the first answer${quickest === undefined ? '' : `; ${quickest.contender} ${milliseconds(quickest.coldMs)}`}`,
        ),
    own.downloadBytes === null
      ? ''
      : tile(
          bytes(own.downloadBytes),
          `to download${smallest === undefined ? '' : `; ${smallest.contender} ${bytes(smallest.downloadBytes)}`}`,
        ),
  )
}
