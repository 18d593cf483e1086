import type { JSX } from 'preact'
import { notice } from '../state/messages.js'

/** What went wrong, with a button that tries again if that can help. */
export function PageNotice(): JSX.Element {
  const now = notice.value
  const [first, ...more] = (now?.text ?? '').split('\n')
  return (
    <div role="alert" class={now === null ? 'hidden' : 'notice'}>
      {now !== null && (
        <>
          <p>
            <strong>{first}</strong>
          </p>
          {more.map((line) => (
            <p key={line} class={/^\s*(where|expected|got):/.test(line) ? 'detail' : ''}>
              {line.trim()}
            </p>
          ))}
          <p class="actions">
            {now.retry !== null && (
              <button
                type="button"
                class="primary"
                onClick={() => {
                  notice.value = null
                  now.retry?.()
                }}
              >
                Try again
              </button>
            )}
            <button type="button" onClick={() => (notice.value = null)}>
              Close
            </button>
          </p>
        </>
      )}
    </div>
  )
}
