import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { download } from '../../view/download.js'
import { codeFor, type Format, formats } from './exports.js'
import { classes, taught } from './state.js'

/** Saves the taught model in one of four formats, and shows the code that uses the file. */
export function Export(): JSX.Element {
  const [format, setFormat] = useState<Format>('safetensors')
  const [saving, setSaving] = useState(false)
  const labels = (taught.value?.keys ?? []).map(
    (key, index) => classes.value.find((one) => one.key === key)?.name.trim() || `class ${index + 1}`,
  )
  const { preprocessing, architecture } = opened.value!.network
  const code = codeFor(format, { labels, preprocessing, ...architecture.input })
  const save = (): Promise<void> =>
    attempt('The model was not saved.', async () => {
      setSaving(true)
      try {
        download(new Blob([await ask('teach.save', [format, labels])]), formats[format].file)
      } finally {
        setSaving(false)
      }
    })
  return (
    <section class="export" aria-labelledby="export-title">
      <h2 id="export-title">Take it with you</h2>
      <div class="export-columns">
        <div>
          <fieldset class="formats">
            <legend class="unseen">Format</legend>
            {(Object.keys(formats) as Format[]).map((id) => (
              <label key={id}>
                <input type="radio" name="format" checked={format === id} onChange={() => setFormat(id)} />
                {formats[id].title} <span class="quiet">{formats[id].runs}</span>
              </label>
            ))}
          </fieldset>
          <div class="actions">
            <button type="button" class="primary" disabled={saving} onClick={() => void save()}>
              {saving ? 'Writing…' : `Save ${formats[format].file}`}
            </button>
          </div>
          <p class="quiet small-text">The file has the names of your classes, and no picture.</p>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, for the keyboard too */}
        <pre tabIndex={0}>
          <code>{code}</code>
        </pre>
      </div>
    </section>
  )
}
