import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface FileButtonProps {
  readonly label: string
  readonly accept?: string
  readonly multiple?: boolean
  readonly primary?: boolean
  readonly onFile: (file: File) => void
}

/** A button that opens the file dialog; a file input under a label, so that keyboard and screen reader know it. */
export function FileButton({ label, accept, multiple, primary, onFile }: FileButtonProps): JSX.Element {
  const id = useId()
  return (
    <span class="file">
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={multiple}
        onChange={({ currentTarget }) => {
          for (const file of currentTarget.files ?? []) onFile(file)
          currentTarget.value = ''
        }}
      />
      <label for={id} class={primary ? 'file-label primary' : 'file-label'}>
        {label}
      </label>
    </span>
  )
}
