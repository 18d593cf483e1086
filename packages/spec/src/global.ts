/**
 * The type of an instance of a global class: `Global<'Blob'>` is `Blob`. It is `never` if the compiler's libraries declare no such class:
 * a union drops `never`, but a name that is not declared would turn the whole union into `any`.
 */
export type Global<Name extends string> = Name extends string
  ? typeof globalThis extends { readonly [Known in Name]: { readonly prototype: infer Instance } }
    ? Instance
    : never
  : never
