import type { JSX } from 'preact'

/** What was decided about a network, and who said so. */
export function Reasons({ reasons }: { readonly reasons: readonly string[] }): JSX.Element {
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  )
}
