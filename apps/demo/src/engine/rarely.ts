/** Milliseconds between two reports of a download: the page draws each of them. */
const pause = 250

/** Reports the first value at once. Of the values that come during the pause after a report, only the latest is reported. */
export function rarely<Value>(report: (value: Value) => void): { readonly say: (value: Value) => void; readonly end: () => void } {
  let latest: { readonly value: Value } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = (): void => {
    timer = null
    if (latest === null) return
    const { value } = latest
    latest = null
    timer = setTimeout(flush, pause)
    report(value)
  }
  return {
    say(value) {
      latest = { value }
      if (timer === null) flush()
    },
    end() {
      if (timer !== null) clearTimeout(timer)
    },
  }
}
