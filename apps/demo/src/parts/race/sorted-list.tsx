import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Milliseconds in which a row moves to its new place. */
const duration = 350

/** A list whose rows move to their new places when their order changes; each row has the attribute `data-row`. */
export function SortedList({
  children,
  ...attributes
}: JSX.HTMLAttributes<HTMLOListElement> & { children: ComponentChildren }): JSX.Element {
  const list = useRef<HTMLOListElement>(null)
  const places = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const now = new Map<string, number>()
    for (const row of list.current!.querySelectorAll<HTMLElement>('[data-row]')) {
      const name = row.dataset.row!
      now.set(name, row.offsetTop)
      const moved = (places.current.get(name) ?? row.offsetTop) - row.offsetTop
      if (moved !== 0 && !still)
        row.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], { duration, easing: 'ease-out' })
    }
    places.current = now
  })
  return (
    <ol ref={list} {...attributes}>
      {children}
    </ol>
  )
}
