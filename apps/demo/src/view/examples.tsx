import type { JSX } from 'preact'
import { examples } from '../state/examples.js'
import { attempt } from '../state/messages.js'
import { chooseExample, picture } from '../state/picture.js'

/** The pictures that the site brings, in a strip, to choose one as the picture to look at. */
export function Examples({ onChoose }: { readonly onChoose?: () => void }): JSX.Element {
  const now = picture.value?.example
  return (
    <ul class="examples" aria-label="Pictures to try">
      {examples.map((example) => (
        <li key={example.name}>
          <button
            type="button"
            aria-pressed={example === now}
            title={example.caption}
            onClick={() => {
              onChoose?.()
              void attempt('The picture was not loaded. Check that you are online.', () => chooseExample(example))
            }}
          >
            <img src={example.thumbnail} alt={example.name} width="64" height="64" loading="lazy" decoding="async" />
          </button>
        </li>
      ))}
    </ul>
  )
}
