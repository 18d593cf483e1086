/** The type of the global `fetch`; `never` if the compiler's libraries declare none. */
export type Fetch = typeof globalThis extends { readonly fetch: infer Declared } ? Declared : never
