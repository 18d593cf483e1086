/**
 * Requests code that will be needed soon, while other work goes on: a page waits for each request, so several should be under way together.
 * If a request fails, the import that needs the code fails too.
 */
export function ahead(...imports: readonly Promise<unknown>[]): void {
  for (const each of imports) each.catch(() => undefined)
}
