'use client'
import { load } from 'mobilenetv2'
import { useState } from 'react'

let loading

async function inTheBrowser(file) {
  loading ??= load()
  const model = await loading
  return model.classify(file, { top: 3 })
}

async function onTheServer(file) {
  const response = await fetch('/classify', { method: 'POST', body: file })
  const answers = await response.json()
  if (!response.ok) throw new Error(answers.error)
  return answers
}

const ways = { 'in the browser': inTheBrowser, 'on the server': onTheServer }

export default function Page() {
  const [way, setWay] = useState('in the browser')
  const [text, setText] = useState('')

  async function classify(file) {
    setText('…')
    try {
      const answers = await ways[way](file)
      setText(answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`).join('\n'))
    } catch (error) {
      setText(error.message)
    }
  }

  return (
    <main>
      <select aria-label="Where" value={way} onChange={({ target }) => setWay(target.value)}>
        {Object.keys(ways).map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <input type="file" accept="image/*" aria-label="A picture" onChange={({ target }) => classify(target.files[0])} />
      <pre>
        <output>{text}</output>
      </pre>
    </main>
  )
}
