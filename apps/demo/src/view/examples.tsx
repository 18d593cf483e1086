import type { JSX } from 'preact'
import { attempt } from '../state/messages.js'
import { chooseExample, examples } from '../state/picture.js'

/** The drawings that the site brings, to choose one as the picture. */
export function Examples({ onChoose }: { readonly onChoose?: () => void }): JSX.Element {
  return (
    <ul class="examples">
      {examples.map((example) => (
        <li key={example.name}>
          <button
            type="button"
            onClick={() => {
              onChoose?.()
              void attempt('The drawing cannot be had.', () => chooseExample(example))
            }}
          >
            <img src={example.url} alt={example.name} width="44" height="44" />
          </button>
        </li>
      ))}
    </ul>
  )
}
