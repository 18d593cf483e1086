import type { ZooEntry } from '@mobilenetv2/zoo'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { cancelLoading, chooseModel, chosenModel, models, status } from '../state/model.js'
import type { ModelChoice } from '../state/model-choices.js'
import { type ZooChoice, zooChoices } from '../state/zoo-choices.js'
import { bytes } from './numbers.js'

/** A row of the list: a model, and what is known of it. */
interface Row {
  readonly choice: ModelChoice
  readonly title: string
  readonly about: string
  /** What is downloaded; null if nothing is. */
  readonly bytes: number | null
}

const classes: Readonly<Record<ZooEntry['labels'], string>> = {
  imagenet: 'ImageNet',
  'inat-birds': '964 birds',
  nsfwjs: 'safe for work or not',
}

/** The photos on which publishers measure. */
const usualPhotos = 'ImageNet’s 50,000 validation photos'

/**
 * The share of photos for which the first answer is right, and which photos these are, as the publisher or this project measured
 * it; null if neither did.
 */
export function accuracyOf({ published, measured }: ZooEntry): { readonly right: string; readonly photos: string } | null {
  if (published !== null) return { right: `${published.top1.toFixed(1)} %`, photos: usualPhotos }
  return measured === null ? null : { right: `${measured.top1.toFixed(1)} %`, photos: measured.over.replace(/, the weights.*/, '') }
}

/** The same in short: other photos than the usual ones are named. */
function accuracyText(entry: ZooEntry): string | null {
  const accuracy = accuracyOf(entry)
  if (accuracy === null) return null
  return `${accuracy.right} right${accuracy.photos === usualPhotos ? '' : ` on ${accuracy.photos.split(',')[0]}`}`
}

function rowOf(choice: ZooChoice): Row {
  const { entry } = choice
  const { widthMultiplier = 1, width = 224, height = 224 } = entry.options
  const licence = entry.licence === 'other' ? 'no licence named' : entry.licence
  const about = [accuracyText(entry), entry.weights, licence, [entry.publisher, entry.note].filter(Boolean).join(': ')]
  const title = `MobileNetV2 ${widthMultiplier.toFixed(2).replace(/0$/, '')} · ${width} × ${height} · ${classes[entry.labels]}`
  return { choice, title, about: about.filter(Boolean).join(' · '), bytes: entry.location.kind === 'npm' ? null : choice.bytes }
}

/** The models of this site and of the visitor first, then those of the zoo that this site does not have itself. */
function rows(): readonly Row[] {
  const here = models.value.map((choice): Row => {
    const zoo = zooChoices.find(({ id }) => id === choice.id)
    if (zoo !== undefined) return { ...rowOf(zoo), choice, bytes: choice.source.kind === 'served' ? zoo.bytes : null }
    return { choice, title: choice.title, about: choice.source.kind === 'files' ? 'your file' : 'of this site', bytes: null }
  })
  const others = zooChoices.filter(({ id }) => models.value.every((model) => model.id !== id))
  return [...here, ...others.map(rowOf)]
}

function Load({ row }: { readonly row: Row }): JSX.Element {
  const now = status.value
  const chosen = chosenModel.value?.id === row.choice.id
  const loading = chosen && (now.kind === 'downloading' || now.kind === 'compiling')
  if (loading) {
    const share = now.kind === 'downloading' && now.total !== null ? now.loaded / now.total : undefined
    return (
      <>
        <button type="button" class="row-end" onClick={cancelLoading}>
          Cancel
        </button>
        <progress aria-label={`Loading ${row.title}`} {...(share !== undefined && { value: share })} />
      </>
    )
  }
  if (chosen && now.kind === 'ready') return <span class="row-end quiet">In use</span>
  return (
    <button
      type="button"
      class="row-end"
      aria-label={`Load ${row.title}, ${row.about}`}
      onClick={() => void chooseModel(row.choice)}
    >
      Load
    </button>
  )
}

/** Every model that can be loaded, with a search. Nothing is downloaded before the button Load is pressed. */
export function ModelList(): JSX.Element {
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const all = rows()
  const found = all.filter(({ title, about, choice }) =>
    words.every((word) => `${title} ${about} ${choice.id}`.toLowerCase().includes(word)),
  )
  return (
    <>
      <input
        type="search"
        aria-label="Search the models"
        placeholder="Search: 0.35, 96, keras, birds…"
        value={search}
        onInput={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <p class="quiet small-text">“72.0 % right”: the first answer is right for 72.0 % of {usualPhotos}, if no others are named.</p>
      <p class="quiet small-text" role="status">
        {found.length === all.length ? `${all.length} models` : `${found.length} of ${all.length} models`}
      </p>
      <ul class="model-list">
        {found.map((row) => (
          <li key={row.choice.id} data-model={row.choice.id}>
            <p>{row.title}</p>
            <p class="about">
              {[row.bytes === null ? null : `${bytes(row.bytes)} to download`, row.about].filter(Boolean).join(' · ')}
            </p>
            <Load row={row} />
          </li>
        ))}
      </ul>
    </>
  )
}
