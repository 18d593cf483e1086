import { useEffect, useState } from 'preact/hooks'
import { attempt } from '../../state/messages.js'

/**
 * What an asynchronous question comes to; null until it is answered. It is asked again if one of `inputs` changes, and is cancelled if
 * nobody waits for it any more.
 * @param what what the page says if there is no answer
 * @param ask null if there is nothing to ask
 */
export function useAsked<Result>(
  what: string,
  ask: ((signal: AbortSignal) => Promise<Result>) | null,
  inputs: readonly unknown[],
): Result | null {
  const [answer, setAnswer] = useState<Result | null>(null)
  useEffect(() => {
    setAnswer(null)
    if (ask === null) return
    const ended = new AbortController()
    void attempt(what, async () => {
      const result = await ask(ended.signal)
      if (!ended.signal.aborted) setAnswer(result)
    })
    return () => ended.abort(new DOMException('Nobody waits for it any more.', 'AbortError'))
  }, inputs)
  return answer
}
