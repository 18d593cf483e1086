import type { Architecture } from '@mobilenetv2/spec'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { drawFace, drawSlab } from './draw.js'
import type { Glimpse } from './glimpse.js'
import { lastOf, type Stage, stagesOf } from './stages.js'

interface RibbonProps {
  readonly architecture: Architecture
  /** What there is to see of the stages, by their keys. */
  readonly glimpses: ReadonlyMap<string, Glimpse>
  /** The key of the chosen stage; null if none can be chosen. */
  readonly selected: string | null
  readonly onSelect: ((key: string) => void) | null
  /** What stands before the first stage. */
  readonly picture: ComponentChildren
  /** What stands behind the last stage. */
  readonly answer: ComponentChildren
}

/** A stage in words. */
function describe(stage: Stage): string {
  const { height, width, channels } = lastOf(stage).output
  return `${stage.title}: ${height * width === 1 ? `${channels} values` : `${channels} channels at ${height} × ${width}`}`
}

function Painted({ glimpse }: { readonly glimpse: Glimpse | undefined }): JSX.Element {
  const [face, slab] = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)]
  useEffect(() => {
    if (glimpse === undefined) return
    drawFace(face.current!, glimpse)
    drawSlab(slab.current!, glimpse)
  }, [glimpse])
  return (
    <>
      <canvas ref={face} class="face" width="1" height="1" data-seen={glimpse !== undefined} />
      <span class="scale">
        <canvas ref={slab} class="slab" width="1" height="1" data-seen={glimpse !== undefined} />
      </span>
    </>
  )
}

/** The network from left to right: each stage as high as its resolution, and as wide as it has channels. */
export function Ribbon({ architecture, glimpses, selected, onSelect, picture, answer }: RibbonProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  const stages = stagesOf(architecture)
  // The stem and the blocks stand in columns; the head and the vectors, which are wide and flat, stand in rows behind them.
  const end = stages.findIndex(({ block, key }) => block === null && key !== 'stem')
  const [columns, rows] = end < 0 ? [stages, []] : [stages.slice(0, end), stages.slice(end)]
  useEffect(() => {
    const [box, tab] = [list.current, list.current?.querySelector<HTMLElement>('[aria-selected=true]')]
    if (!box || !tab) return
    const middle = tab.offsetLeft + tab.offsetWidth / 2
    box.scrollTo({ left: middle - box.clientWidth / 2 })
  }, [selected])
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const next = stages[stages.findIndex(({ key }) => key === selected) + (step ?? 0)]
    if (step === undefined || next === undefined) return
    event.preventDefault()
    onSelect?.(next.key)
    list.current?.querySelector<HTMLElement>(`[data-stage="${next.key}"]`)?.focus({ preventScroll: true })
  }
  const item = (stage: Stage, previous: number): JSX.Element => {
    const { key, block, shortcut } = stage
    const { height, channels } = lastOf(stage).output
    const shared = {
      key,
      class: `stage-item${shortcut ? ' shortcut' : ''}`,
      'data-stage': key,
      style: { '--height': height, '--channels': channels, '--before': previous },
    }
    const inner = (
      <>
        <Painted glimpse={glimpses.get(key)} />
        <span class="name">{block ?? stage.title}</span> {rows.includes(stage) && <span class="shape">{channels}</span>}
      </>
    )
    if (onSelect === null) return <span {...shared}>{inner}</span>
    return (
      <button
        {...shared}
        type="button"
        role="tab"
        aria-selected={key === selected}
        aria-label={describe(stage)}
        title={describe(stage)}
        tabIndex={key === selected ? 0 : -1}
        onClick={() => onSelect(key)}
        onKeyDown={move}
      >
        {inner}
      </button>
    )
  }
  const heights = [architecture.input.height, ...stages.map((stage) => lastOf(stage).output.height)]
  const inner = (
    <>
      {columns.map((stage, index) => item(stage, heights[index]!))}
      <div class="ribbon-rows" role="none">
        {rows.map((stage, index) => item(stage, heights[columns.length + index]!))}
        {answer && <span class="ribbon-answer">{answer}</span>}
      </div>
    </>
  )
  return (
    <div class="ribbon" ref={list} style={{ '--input': architecture.input.height }}>
      <div class="ribbon-picture">{picture}</div>
      {onSelect === null ? (
        <div class="ribbon-stages" role="img" aria-label={`The network: ${stages.map(describe).join('; ')}`}>
          {inner}
        </div>
      ) : (
        <div class="ribbon-stages" role="tablist" aria-label="Stages of the network">
          {inner}
        </div>
      )}
    </div>
  )
}
