/** The repository, as the workspace's package.json names it; put in by the build. */
declare const __REPOSITORY__: string

/** Where a visitor goes on from here. */
export const links: Readonly<Record<'code' | 'npm' | 'docs' | 'paper' | 'licence', string>> = {
  code: __REPOSITORY__,
  npm: 'https://www.npmjs.com/package/mobilenetv2',
  docs: `${__REPOSITORY__}/tree/main/docs`,
  paper: 'https://arxiv.org/abs/1801.04381',
  licence: `${__REPOSITORY__}/blob/main/LICENSE`,
}

/** A page of the documents, such as `teaching.md`. */
export const docsPage = (page: string): string => `${__REPOSITORY__}/blob/main/docs/${page}`
