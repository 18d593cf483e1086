import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { docsPage } from './links.js'

interface UseThisProps {
  /** The lines that do what is on the screen. */
  readonly code: string
  /** The page of the documents that says more, such as `teaching.md`. */
  readonly page: string
  /** What that page is about, as the text of its link: "Teaching, from photos to a page". */
  readonly about: string
}

/** The lines of code that did what is on the screen, to copy. */
export function UseThis({ code, page, about }: UseThisProps): JSX.Element {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code)
      setCopied('yes')
    } catch {
      // A browser may refuse; the lines can still be selected.
      setCopied('refused')
    }
    setTimeout(() => setCopied('no'), 2500)
  }
  return (
    <section class="use-this" aria-label="Use this in your code">
      <h2>Use this in your code</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, for the keyboard too */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <p class="actions">
        <button type="button" onClick={() => void copy()}>
          {{ no: 'Copy', yes: 'Copied', refused: 'Select and copy it by hand' }[copied]}
        </button>
        <a href={docsPage(page)}>{about}</a>
      </p>
    </section>
  )
}
