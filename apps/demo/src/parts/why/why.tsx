import type { JSX } from 'preact'

/** Not there yet. */
export function Why(): JSX.Element {
  return <p class="quiet">This part is being built.</p>
}
