import { type Lane, laneSpread, margin, outcomeOf, ranked } from './lanes.js'
import { ownLibrary, racerName, racers } from './racers.js'

/** What stands on the card beside the lanes. */
export interface CardFacts {
  readonly model: string
  readonly browser: string
  readonly machine: string
  readonly date: Date
  /** Where the race can be run. */
  readonly address: string
}

/** The size in which pages show a shared picture. */
const size = { width: 1200, height: 630 }

const edge = 64
const most = 6

const ink = '#16181d'
const quiet = '#5a6070'
const own = '#2f5bd0'
const other = '#b6bccb'
const paper = '#ffffff'

const font = (weight: number, pixels: number): string => `${weight} ${pixels}px system-ui, sans-serif`

type Context = OffscreenCanvasRenderingContext2D

function write(
  context: Context,
  text: string,
  x: number,
  y: number,
  style: { font: string; colour: string; width?: number },
): void {
  context.font = style.font
  context.fillStyle = style.colour
  context.fillText(text, x, y, style.width)
}

/** One lane: its name, its bar with the middle half of its runs, and its median. */
function drawLane(context: Context, lane: Lane, y: number, fastest: number): void {
  const { median, low, high } = laneSpread(lane)!
  const [left, right] = [edge + 330, size.width - edge - 130]
  const lengthOf = (milliseconds: number): number => Math.min(1, fastest / milliseconds) * (right - left)
  const { library, on } = racers[lane.id]
  write(context, library, edge, y + 14, { font: font(600, 20), colour: ink, width: 310 })
  write(context, on, edge, y + 36, { font: font(400, 17), colour: quiet, width: 310 })
  context.fillStyle = library === ownLibrary ? own : other
  context.beginPath()
  context.roundRect(left, y, Math.max(6, lengthOf(median)), 30, 6)
  context.fill()
  context.strokeStyle = ink
  context.lineWidth = 3
  context.beginPath()
  context.moveTo(left + lengthOf(high), y + 15)
  context.lineTo(left + lengthOf(low), y + 15)
  context.stroke()
  context.textAlign = 'right'
  write(context, `${median.toFixed(1)} ms`, size.width - edge, y + 23, { font: font(600, 24), colour: ink })
  context.textAlign = 'left'
}

/** The outcome as a picture to share, 1200 x 630 pixels. */
export async function drawCard(lanes: readonly Lane[], { model, browser, machine, date, address }: CardFacts): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height)
  const context = canvas.getContext('2d')!
  const outcome = outcomeOf(lanes)
  if (outcome === null) throw new Error('No racer has finished, so there is nothing to draw. Start a race first.')
  context.fillStyle = paper
  context.fillRect(0, 0, size.width, size.height)
  const width = size.width - 2 * edge
  const { winner } = outcome
  const won = margin(outcome)
  const headline = won === '' ? `${laneSpread(winner)!.median.toFixed(1)} ms a picture` : won.replace(/, .*/, '')
  write(context, `${racerName(winner.id)} · ${model}`, edge, 92, { font: font(500, 26), colour: quiet, width })
  write(context, headline, edge, 150, { font: font(700, 52), colour: ink, width })
  const finished = ranked(lanes.filter(({ state }) => state === 'done')).slice(0, most)
  const fastest = laneSpread(winner)!.median
  for (const [index, lane] of finished.entries()) drawLane(context, lane, 196 + index * 54, fastest)
  const foot = size.height - edge
  write(context, `${browser} · ${machine} · ${date.toLocaleDateString('en-GB', { dateStyle: 'long' })}`, edge, foot - 36, {
    font: font(400, 22),
    colour: quiet,
    width,
  })
  write(context, `mobilenetv2 · ${address}`, edge, foot, { font: font(600, 24), colour: ink, width })
  return canvas.convertToBlob({ type: 'image/png' })
}
