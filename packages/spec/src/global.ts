/**
 * An instance of the class that a page or Node declares under this name: `Global<'Blob'>` is `Blob`. It is `never` if the compiler's
 * libraries declare no such class. A union drops `never`; a name that is not declared would make the whole union `any`.
 */
export type Global<Name extends string> = Name extends string
  ? typeof globalThis extends { readonly [Known in Name]: { readonly prototype: infer Instance } }
    ? Instance
    : never
  : never
