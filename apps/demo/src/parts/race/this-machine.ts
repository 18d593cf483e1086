interface NavigatorBrands extends Navigator {
  /** Only Chromium has it. */
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[]
    readonly platform: string
  }
}

/** The browser and its version, such as `Firefox 153`. */
export function browserName({ userAgent, userAgentData }: Pick<NavigatorBrands, 'userAgent' | 'userAgentData'>): string {
  const brands = (userAgentData?.brands ?? []).filter(({ brand }) => !/not.*brand/i.test(brand))
  const brand = brands.find((one) => one.brand !== 'Chromium') ?? brands[0]
  if (brand !== undefined) return `${brand.brand} ${brand.version}`
  const known = [
    ['Firefox', /Firefox\/(\d+)/],
    ['Edge', /Edg\/(\d+)/],
    ['Chrome', /Chrom(?:e|ium)\/(\d+)/],
    ['Safari', /Version\/([\d.]+).*Safari/],
  ] as const
  for (const [name, pattern] of known) {
    const found = pattern.exec(userAgent)
    if (found !== null) return `${name} ${found[1]}`
  }
  return 'a browser that does not say its name'
}

/** The system, as far as a page may know it. */
function systemName({ userAgent, userAgentData }: Pick<NavigatorBrands, 'userAgent' | 'userAgentData'>): string {
  if (userAgentData !== undefined && userAgentData.platform !== '') return userAgentData.platform
  const system = [
    ['Android', /Android/],
    ['iOS', /iPhone|iPad/],
    ['macOS', /Mac OS X/],
    ['Windows', /Windows/],
    ['Linux', /Linux/],
  ] as const
  return system.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'an unknown system'
}

/** The browser, the system and the number of processors, in a few words. */
export function thisMachine(): { readonly browser: string; readonly machine: string } {
  const { hardwareConcurrency } = navigator
  return {
    browser: browserName(navigator),
    machine: `${systemName(navigator)}, ${hardwareConcurrency} processor${hardwareConcurrency === 1 ? '' : 's'}`,
  }
}
