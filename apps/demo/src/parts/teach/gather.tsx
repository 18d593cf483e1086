import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ClassCard } from './class-card.js'
import { lacksNothingOfThese, mostClasses, nothingOfThese } from './lesson.js'
import { addClass, classes } from './state.js'

/** The first column: a card for each class. */
export function Gather(): JSX.Element {
  const [recorder, setRecorder] = useState<number | null>(null)
  return (
    <section class="gather" aria-labelledby="gather-title">
      <h2 id="gather-title">Gather</h2>
      <ul class="classes">
        {classes.value.map((one, index) => (
          <ClassCard
            key={one.key}
            taught={one}
            number={index + 1}
            canRemove={classes.value.length > 2}
            recording={recorder === one.key}
            onCamera={(open) => setRecorder(open ? one.key : null)}
          />
        ))}
      </ul>
      {lacksNothingOfThese(classes.value) && (
        <p class="suggestion">
          Without a class for everything else, each picture is taken for one of your classes, even an empty room.{' '}
          <button type="button" onClick={() => addClass(nothingOfThese)}>
            Add “{nothingOfThese}”
          </button>
        </p>
      )}
      <button type="button" class="add-class" disabled={classes.value.length >= mostClasses} onClick={() => addClass()}>
        {classes.value.length >= mostClasses ? `${mostClasses} classes are the most` : 'Add a class'}
      </button>
    </section>
  )
}
