import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FileButtonProps {
  readonly label: string
  /** What only a screen reader is told after the label, where several buttons have the same one. */
  readonly more?: string
  readonly accept?: string
  readonly multiple?: boolean
  readonly primary?: boolean
  /** Called for each file. */
  readonly onFile?: (file: File) => void
  /** Called once, with all files. */
  readonly onFiles?: (files: readonly File[]) => void
}

/** A button that opens the file dialog; a file input under a label, so that keyboard and screen reader know it. */
export function FileButton({ label, more, accept, multiple, primary, onFile, onFiles }: FileButtonProps): JSX.Element {
  const id = useId()
  return (
    <span class="file">
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={multiple}
        onChange={({ currentTarget }) => {
          const files = Array.from(currentTarget.files ?? [])
          for (const file of files) onFile?.(file)
          if (files.length > 0) onFiles?.(files)
          currentTarget.value = ''
        }}
      />
      <label for={id} class={primary ? 'file-label primary' : 'file-label'}>
        {label}
        {more !== undefined && <span class="unseen"> {more}</span>}
      </label>
    </span>
  )
}
