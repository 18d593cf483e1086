import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { takeFile } from '../../state/files.js'
import { attempt } from '../../state/messages.js'
import { chooseExample, examples, picture } from '../../state/picture.js'
import { Examples } from '../../view/examples.js'
import { FileButton } from '../../view/file-button.js'
import './pieces.css'

/** The pictures to choose from. Without a choice it is the first example, as there would be nothing to see. */
export function PictureRow(): JSX.Element {
  useEffect(() => {
    const [first] = examples
    if (picture.value === null && first !== undefined) {
      void attempt('The example cannot be had.', () => chooseExample(first))
    }
  }, [])
  return (
    <div class="picture-row">
      <Examples />
      <FileButton label="Your picture" accept="image/*" onFile={takeFile} />
    </div>
  )
}
