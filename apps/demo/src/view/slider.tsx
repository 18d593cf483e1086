import type { JSX } from 'preact'

interface SliderProps {
  readonly name: string
  readonly value: number
  /** The value as it is shown. */
  readonly shown: string
  readonly min: number
  readonly max: number
  readonly step?: number
  readonly onValue: (value: number) => void
}

/** A number that is set by sliding, with its name and its value above. */
export function Slider({ name, value, shown, onValue, ...limits }: SliderProps): JSX.Element {
  return (
    <label class="slider">
      <span>
        {name} <strong class="number">{shown}</strong>
      </span>
      <input type="range" {...limits} value={value} onInput={({ currentTarget }) => onValue(currentTarget.valueAsNumber)} />
    </label>
  )
}
