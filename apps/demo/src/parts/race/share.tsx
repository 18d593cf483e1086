import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { attempt } from '../../state/messages.js'
import { download } from '../../view/download.js'
import { drawCard } from './card.js'
import { type Lane, margin, outcomeOf } from './lanes.js'
import { racerName } from './racers.js'
import { toJson } from './result-file.js'
import type { Pinned } from './state.js'
import { thisMachine } from './this-machine.js'

const fileName = 'mobilenetv2-race.png'

/** The address of this part, without what a visitor has set in other parts. */
const ownAddress = (): string => `${location.origin}${location.pathname}#race`

/** The card as a file that the browser's menu Share takes; null where it takes none. */
function shareable(card: Blob, text: string): ShareData | null {
  const data = { files: [new File([card], fileName, { type: card.type })], text }
  return 'canShare' in navigator && navigator.canShare(data) ? data : null
}

/** The outcome as a picture to pass on. */
export function Share({ lanes, pinned }: { readonly lanes: readonly Lane[]; readonly pinned: Pinned }): JSX.Element | null {
  const [card, setCard] = useState<Blob | null>(null)
  const [url, setUrl] = useState<string | null>(null)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    let current = true
    let own: string | null = null
    void attempt('The card was not drawn.', async () => {
      const drawn = await drawCard(lanes, { ...pinned, ...thisMachine(), address: ownAddress().replace(/^https?:\/\//, '') })
      if (!current) return
      own = URL.createObjectURL(drawn)
      setCard(drawn)
      setUrl(own)
    })
    return () => {
      current = false
      if (own !== null) URL.revokeObjectURL(own)
    }
  }, [lanes, pinned])
  const outcome = outcomeOf(lanes)
  if (card === null || url === null || outcome === null) return null
  const won = margin(outcome)
  const { winner, tiedWith } = outcome
  const result = tiedWith === null ? 'won the race' : `and ${racerName(tiedWith.id)} were about as fast`
  const text = `${racerName(winner.id)} ${result}${won === '' ? '' : `: ${won}`}. ${ownAddress()}`
  const sharing = shareable(card, text)
  const canCopy = 'ClipboardItem' in globalThis
  return (
    <section class="race-card" aria-labelledby="card-title">
      <h2 id="card-title">Pass it on</h2>
      <img src={url} width="1200" height="630" alt={`A card with the outcome of the race. ${text}`} />
      <div class="actions">
        {sharing !== null && (
          <button
            type="button"
            class="primary"
            onClick={() => void attempt('The card was not shared.', () => navigator.share(sharing))}
          >
            Share…
          </button>
        )}
        <button type="button" class={sharing === null ? 'primary' : ''} onClick={() => download(card, fileName)}>
          Save the card
        </button>
        {canCopy && (
          <button
            type="button"
            onClick={() =>
              void attempt('The card was not copied. Save it instead.', async () => {
                await navigator.clipboard.write([new ClipboardItem({ 'image/png': card })])
                setCopied(true)
                setTimeout(() => setCopied(false), 2500)
              })
            }
          >
            {copied ? 'Copied' : 'Copy the card'}
          </button>
        )}
        <button
          type="button"
          onClick={() =>
            download(new Blob([toJson(lanes, pinned.model, pinned.date)], { type: 'application/json' }), 'mobilenetv2-race.json')
          }
        >
          Save all times as JSON
        </button>
      </div>
    </section>
  )
}
