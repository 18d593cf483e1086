/** Converts CMYK `[..., 4]` to RGB `[..., 3]` without a profile, as Pillow (src/libImaging/Convert.c, cmyk2rgb) and browsers do. */
export function rgbOfInks(inks: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const light = 255 - inks[from + 3]!
    for (let ink = 0; ink < 3; ink++) {
      // The product divided by 255 and rounded, in integers: Pillow's MULDIV255.
      const product = inks[from + ink]! * light + 128
      rgb[to++] = light - (((product >> 8) + product) >> 8)
    }
  }
  return rgb
}
