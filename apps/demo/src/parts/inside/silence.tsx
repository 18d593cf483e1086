import type { Layer } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import type { Maps } from './engine.js'

/** How many channels of a layer are silent, and why. */
export function Silence({ layer, maps }: { readonly layer: Layer; readonly maps: Maps }): JSX.Element | null {
  const { activation } = layer
  if (activation === 'linear') {
    return (
      <p class="quiet">
        No channel is silenced here: this layer is linear, so it keeps what is below zero. <a href="#why">Why it is linear</a>
      </p>
    )
  }
  if (activation !== 'relu' && activation !== 'relu6') return null
  const name = activation === 'relu' ? 'ReLU' : 'ReLU6'
  const silent = maps.sorted.filter(({ low, high }) => low === 0 && high === 0).length
  const dead = maps.dead.length
  if (silent === 0) return <p class="quiet">Every channel finds something on this picture; {name} sets what is below zero to 0.</p>
  return (
    <p class="silence">
      <strong>
        {silent} of {maps.channels} channels {silent === 1 ? 'is' : 'are'} silent.
      </strong>{' '}
      All that {silent === 1 ? 'it' : 'they'} computed on this picture was below zero, and {name} set it to 0.{' '}
      {dead === 0
        ? 'Another picture may wake them.'
        : `${dead === silent ? (dead === 1 ? 'It is' : 'All of them are') : `${dead} of them ${dead === 1 ? 'is' : 'are'}`} dead: with these weights the sum cannot be above zero, whatever the picture shows. Training has given up such a channel, and it could be left out.`}
      {dead > 0 && silent > dead && ' The others may wake on another picture.'}
    </p>
  )
}
