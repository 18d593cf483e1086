export interface CodeBlock {
  readonly language: string
  readonly code: string
  readonly line: number
}

export function listPages(root: string): string[]
export function codeBlocks(text: string): CodeBlock[]
export function fileNameOf(code: string): string | null
export function headings(text: string): { readonly level: number; readonly title: string }[]
export function links(text: string): string[]
export function anchors(text: string): string[]
