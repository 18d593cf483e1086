import type { FunctionComponent, JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Classify } from './parts/classify/view.js'
import { go, hashOf, type PartName, parts, restorePlace, route } from './state/address.js'
import { dragging } from './state/files.js'
import { tell } from './state/messages.js'
import { offline, online } from './state/offline.js'
import { links } from './view/links.js'
import { ModelChip } from './view/model-chip.js'
import { PageNotice } from './view/notice.js'
import { TakenNote } from './view/taken-note.js'

/** Parts that are loaded when they are first looked at. */
const lazily: Readonly<Record<Exclude<PartName, 'classify'>, () => Promise<FunctionComponent>>> = {
  inside: async () => (await import('./parts/inside/view.js')).Inside,
  why: async () => (await import('./parts/why/view.js')).Why,
  teach: async () => (await import('./parts/teach/view.js')).Teach,
  race: async () => (await import('./parts/race/view.js')).Race,
}

function LazyPart({ name }: { readonly name: Exclude<PartName, 'classify'> }): JSX.Element {
  const [Part, setPart] = useState<FunctionComponent | null>(null)
  useEffect(() => {
    let shown = true
    const load = (): void =>
      void lazily[name]().then(
        (loaded) => shown && setPart(() => loaded),
        (error: unknown) => tell(`“${parts[name]}” was not loaded. Check that you are online.`, error, load),
      )
    load()
    return () => {
      shown = false
    }
  }, [name])
  return Part === null ? <p class="quiet part-loading">Loading…</p> : <Part />
}

const offlineText: Readonly<Record<typeof offline.value, string>> = {
  no: '',
  kept: 'The site is kept in this browser and works offline.',
  'no room':
    'This browser has no storage left, so parts of the site or its weights are not kept for use offline. Free some in ' +
    'the settings of the browser and reload; all else works.',
}

/** The picture of `public/icon.svg`, drawn in the page itself: as a file it would be a document of its own, which takes longer. */
function Icon(): JSX.Element {
  return (
    <svg viewBox="0 0 64 64" width="28" height="28" aria-hidden="true">
      <rect width="64" height="64" rx="14" fill="#4338ca" />
      <path d="M8 26v12l12 14h24l12-14V26L44 12H20z" fill="#c7d2fe" />
      <path d="M20 12v40M44 12v40" stroke="#4338ca" stroke-width="4" />
    </svg>
  )
}

function Header({ shown }: { readonly shown: PartName }): JSX.Element {
  return (
    <header class="top">
      <a class="brand" href={hashOf('classify')} aria-label="MobileNetV2, to the start">
        <Icon /> MobileNetV2
      </a>
      <nav aria-label="Parts">
        {Object.entries(parts).map(([part, title]) => (
          <a
            key={part}
            href={hashOf(part as PartName)}
            aria-current={part === shown ? 'page' : undefined}
            onClick={(event) => {
              // The browser handles a click that opens another tab.
              if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
              event.preventDefault()
              go(part as PartName)
            }}
          >
            {title}
          </a>
        ))}
      </nav>
      <ModelChip />
    </header>
  )
}

function Footer(): JSX.Element {
  return (
    <footer>
      <p>
        No picture leaves this machine: everything is computed in this page.{' '}
        {online.value ? offlineText[offline.value] : 'You are offline now; what this browser has kept works all the same.'}
      </p>
      <ul class="links">
        <li>
          <a href={links.code}>Code</a>
        </li>
        <li>
          <a href={links.npm}>npm install mobilenetv2</a>
        </li>
        <li>
          <a href={links.docs}>Documentation</a>
        </li>
        <li>
          <a href={links.paper}>The paper</a>
        </li>
        <li>
          <a href={links.licence}>Apache-2.0 licence</a>
        </li>
      </ul>
    </footer>
  )
}

/** The whole page. */
export function App(): JSX.Element {
  const main = useRef<HTMLElement>(null)
  const name = route.value
  useEffect(() => {
    document.title = `${parts[name]} · MobileNetV2 in your browser`
  }, [name])
  useLayoutEffect(() => restorePlace(name), [name])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header shown={name} />
      <PageNotice />
      <TakenNote />
      <main ref={main} tabIndex={-1}>
        {name === 'classify' ? <Classify /> : <LazyPart key={name} name={name} />}
      </main>
      <Footer />
      {dragging.value && <p class="drop-here">Drop a picture or a model</p>}
    </>
  )
}
