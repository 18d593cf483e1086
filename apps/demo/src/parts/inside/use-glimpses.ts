import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import type { Opened } from '../../engine/operations.js'
import { attempt } from '../../state/messages.js'
import type { ChosenPicture } from '../../state/picture.js'
import type { Glimpse } from './glimpse.js'
import { lastOf, stagesOf } from './stages.js'

interface Glimpses {
  /** By the keys of the stages. */
  readonly glimpses: ReadonlyMap<string, Glimpse>
  /** Whether all of them are there. */
  readonly done: boolean
}

const none: Glimpses = { glimpses: new Map(), done: false }

/** What the stages make of the picture, one after the other, as the picture goes through them. */
export function useGlimpses(picture: ChosenPicture | null, model: Opened): Glimpses {
  const [state, setState] = useState(none)
  useEffect(() => {
    setState(none)
    if (picture === null) return
    const ended = new AbortController()
    const { signal } = ended
    void attempt('The picture does not go through the network.', async () => {
      const found = new Map<string, Glimpse>()
      for (const stage of stagesOf(model.network.architecture)) {
        const { id } = lastOf(stage)
        // Each stage is one question, so that what the visitor asks for meanwhile has its turn between two stages.
        found.set(stage.key, await ask('inside.glimpse', [picture.file, id], { signal }))
        if (signal.aborted) return
        setState({ glimpses: new Map(found), done: false })
      }
      setState({ glimpses: found, done: true })
    })
    return () => ended.abort(new DOMException('Another picture or model is shown.', 'AbortError'))
  }, [picture, model])
  return state
}
