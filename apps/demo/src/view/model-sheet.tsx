import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Where the model and the backend are chosen. */
export function ModelSheet({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="sheet" onClose={onClose}>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  )
}
