import type { JSX } from 'preact'
import { takeFile } from '../../state/files.js'
import { Examples } from '../../view/examples.js'
import { FileButton } from '../../view/file-button.js'
import './pieces.css'

/** The pictures to choose from. */
export function PictureRow(): JSX.Element {
  return (
    <div class="picture-row">
      <Examples />
      <FileButton label="Your picture" accept="image/*" onFile={takeFile} />
    </div>
  )
}
