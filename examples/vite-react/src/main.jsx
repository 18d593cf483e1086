import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useAnswers } from './use-answers.js'

function App() {
  const [file, setFile] = useState(null)
  const { answers, error } = useAnswers(file)
  return (
    <>
      <label>
        A picture: <input type="file" accept="image/*" onChange={({ target }) => setFile(target.files[0] ?? null)} />
      </label>
      <pre>
        <output>
          {error ?? answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`).join('\n')}
        </output>
      </pre>
    </>
  )
}

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
