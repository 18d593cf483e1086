import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A picture of a lesson, small. Its address lives as long as it is shown. */
export function Thumb({ file, alt }: { readonly file: Blob; readonly alt: string }): JSX.Element {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const own = URL.createObjectURL(file)
    setUrl(own)
    return () => URL.revokeObjectURL(own)
  }, [file])
  return url === null ? <span class="thumb" /> : <img class="thumb" src={url} alt={alt} width="56" height="56" decoding="async" />
}
