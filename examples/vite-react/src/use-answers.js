import { load } from 'mobilenetv2'
import { useEffect, useState } from 'react'

const loading = load()
const nothing = { answers: [], error: null }

/** What is on a picture. If another picture is chosen, the work on the earlier one ends. */
export function useAnswers(file) {
  const [outcome, setOutcome] = useState(nothing)
  useEffect(() => {
    setOutcome(nothing)
    if (file === null) return
    const controller = new AbortController()
    const { signal } = controller
    loading
      .then((model) => model.classify(file, { top: 3, signal }))
      .then(
        (answers) => signal.aborted || setOutcome({ answers, error: null }),
        ({ message }) => signal.aborted || setOutcome({ answers: [], error: message }),
      )
    return () => controller.abort()
  }, [file])
  return outcome
}
