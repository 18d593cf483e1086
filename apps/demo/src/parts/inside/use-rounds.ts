import type { LayerTime } from '@mobilenetv2/spec'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import type { Opened } from '../../engine/operations.js'
import { attempt } from '../../state/messages.js'
import type { Rounds } from './times.js'

/** Rounds that are timed: enough for a median and its spread. */
const wanted = 7

/** The times of the model's layers, a round after the other. They begin when `ready` says so: what is seen comes first. */
export function useRounds(model: Opened, ready: boolean): Rounds {
  const [rounds, setRounds] = useState<Rounds>([])
  useEffect(() => setRounds([]), [model])
  useEffect(() => {
    if (!ready || rounds.length >= wanted) return
    const ended = new AbortController()
    const { signal } = ended
    void attempt('The layers cannot be timed.', async () => {
      const found: (readonly LayerTime[])[] = [...rounds]
      while (found.length < wanted) {
        found.push(await ask('inside.profile', [], { signal }))
        if (signal.aborted) return
        setRounds([...found])
      }
    })
    return () => ended.abort(new DOMException('Another model is shown.', 'AbortError'))
  }, [model, ready])
  return rounds
}
