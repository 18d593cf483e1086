import type { JSX } from 'preact'
import { chooseModel } from '../../state/model.js'
import { firstModel } from '../../state/model-choices.js'

const bytes = 4_070_174

/** What a site without a model offers: to fetch the usual model from its publisher. */
export function NoModel(): JSX.Element {
  const load = async (): Promise<void> => {
    const { zooChoices } = await import('../../state/zoo-choices.js')
    const choice = zooChoices.find(({ id }) => id === firstModel)
    if (choice !== undefined) await chooseModel(choice)
  }
  return (
    <div class="details no-model">
      <h2 class="small">One thing is missing: the network</h2>
      <p>
        This copy of the site was built without a model. It can fetch MobileNetV2 1.0 with ImageNet’s 1000 classes from its
        publisher, {(bytes / 1e6).toFixed(1)} MB, and then keeps it. You can also choose another model at the top, or drop the file
        of a model on the page.
      </p>
      <p class="actions">
        <button type="button" class="primary" onClick={() => void load()}>
          Fetch it
        </button>
      </p>
    </div>
  )
}
