import type { FunctionComponent, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Classify } from './parts/classify.js'
import { notice } from './state/messages.js'
import { offline } from './state/offline.js'
import { type PartName, parts, route } from './state/route.js'
import { ModelBar } from './view/model-bar.js'

/** Parts that are loaded when they are first looked at. */
const lazily: Readonly<Record<Exclude<PartName, 'classify'>, () => Promise<FunctionComponent>>> = {
  inside: async () => (await import('./parts/inside/inside.js')).Inside,
  why: async () => (await import('./parts/why/why.js')).Why,
  teach: async () => (await import('./parts/teach/teach.js')).Teach,
  race: async () => (await import('./parts/race/race.js')).Race,
}

function LazyPart({ name }: { readonly name: Exclude<PartName, 'classify'> }): JSX.Element {
  const [Part, setPart] = useState<FunctionComponent | null>(null)
  useEffect(() => {
    let shown = true
    void lazily[name]().then((loaded) => shown && setPart(() => loaded))
    return () => {
      shown = false
    }
  }, [name])
  return Part === null ? <p class="quiet">Loading…</p> : <Part />
}

function Notice(): JSX.Element {
  const [first, ...more] = (notice.value ?? '').split('\n')
  return (
    <div role="alert" class={notice.value === null ? 'hidden' : 'notice'}>
      {notice.value !== null && (
        <>
          <p>
            <strong>{first}</strong>
          </p>
          {more.map((line) => (
            <p key={line} class={/^\s*(where|expected|got):/.test(line) ? 'detail' : ''}>
              {line.trim()}
            </p>
          ))}
          <button type="button" onClick={() => (notice.value = null)}>
            Close
          </button>
        </>
      )}
    </div>
  )
}

const offlineText: Readonly<Record<typeof offline.value, string>> = {
  no: '',
  kept: 'The site is kept here and works without a network.',
  'no room':
    'This browser has no storage left, so that not all of the site or its weights is kept for use without a network. Free some in ' +
    'the settings of the browser and reload; all else works.',
}

/** The whole page. */
export function App(): JSX.Element {
  const main = useRef<HTMLElement>(null)
  const name = route.value
  useEffect(() => {
    document.title = `${parts[name]} · MobileNetV2`
  }, [name])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <p class="brand">
          <img src="./icon.svg" alt="" width="28" height="28" /> MobileNetV2 <span>in your browser</span>
        </p>
        <nav aria-label="Parts">
          {Object.entries(parts).map(([part, title]) => (
            <a key={part} href={`#${part}`} aria-current={part === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <ModelBar />
      <Notice />
      <main ref={main} tabIndex={-1}>
        {name === 'classify' ? <Classify /> : <LazyPart key={name} name={name} />}
      </main>
      <footer>
        <p>No picture leaves this machine: all is computed in this page. {offlineText[offline.value]}</p>
      </footer>
    </>
  )
}
