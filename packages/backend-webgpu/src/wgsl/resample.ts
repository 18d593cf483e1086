import type { Interpolation } from '@mobilenetv2/spec'

/** The uniform buffer of all kernels that resize a picture. `routeBytes` writes it. */
const route = `struct Route {
  mean: vec3f, width: u32,
  deviation: vec3f, height: u32,
  start: vec2f, scale: vec2f,
  sourceWidth: u32, sourceHeight: u32, firstRow: u32, rows: u32,
}
@group(0) @binding(0) var<uniform> route: Route;`

/** Pillow's filters: half of their width, and their weight at a distance. Bicubic has a = -0.5. */
const filters: Readonly<Record<Exclude<Interpolation, 'bilinearAlignCorners'>, { support: number; weight: string }>> = {
  bilinear: { support: 1, weight: 'return max(1.0 - x, 0.0);' },
  bicubic: {
    support: 2,
    weight: `if (x < 1.0) { return (1.5 * x - 2.5) * x * x + 1.0; }
  return select(0.0, ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0, x < 2.0);`,
  },
}

/**
 * The sum over the taps of one output pixel along one axis, in Pillow's order (src/libImaging/Resample.c). If the picture shrinks, the
 * filter is widened by the scale. The sum is divided by the sum of the weights and rounded to a level of 0 to 255.
 */
function taps(filter: keyof typeof filters, size: string, centre: string, scale: string, level: string): string {
  const { support } = filters[filter]
  return `let centre = ${centre};
  let filterScale = max(${scale}, 1.0);
  let reach = ${support}.0 * filterScale;
  let low = u32(max(trunc(centre - reach + 0.5), 0.0));
  let high = min(u32(max(trunc(centre + reach + 0.5), 0.0)), ${size});
  var sum = vec3f(0);
  var total = 0.0;
  for (var tap = low; tap < high; tap++) {
    let weight = weightAt(abs(f32(tap) - centre + 0.5) / filterScale);
    sum += weight * ${level};
    total += weight;
  }
  let levels = clamp(floor(sum / total + 0.5), vec3f(0), vec3f(255));`
}

const normalised = `let at = (id.y * route.width + id.x) * 3u;
  let value = (levels / 255.0 - route.mean) / route.deviation;
  output[at] = value.x;
  output[at + 1u] = value.y;
  output[at + 2u] = value.z;`

const main = `@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {`

function weightFunction(filter: keyof typeof filters): string {
  return `fn weightAt(x: f32) -> f32 {\n  ${filters[filter].weight}\n}`
}

/** Resizes along x the rows of a picture that are needed. The output has three levels of 8 bits in each word. */
export function emitResampleRows(filter: keyof typeof filters): string {
  return `${route}
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<u32>;

${weightFunction(filter)}

${main}
  if (id.x >= route.width || id.y >= route.rows) { return; }
  let y = route.firstRow + id.y;
  ${taps(filter, 'route.sourceWidth', 'route.start.x + (f32(id.x) + 0.5) * route.scale.x', 'route.scale.x', 'round(255.0 * textureLoad(picture, vec2u(tap, y), 0).rgb)')}
  let words = vec3u(levels);
  output[id.y * route.width + id.x] = words.x | (words.y << 8u) | (words.z << 16u);
}
`
}

/** Resizes those rows along y, and normalises them: float32 `[height, width, 3]`. */
export function emitResampleColumns(filter: keyof typeof filters): string {
  return `${route}
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

${weightFunction(filter)}

fn levelsAt(x: u32, y: u32) -> vec3f {
  let word = rows[(y - route.firstRow) * route.width + x];
  return vec3f(f32(word & 255u), f32((word >> 8u) & 255u), f32((word >> 16u) & 255u));
}

${main}
  if (id.x >= route.width || id.y >= route.height) { return; }
  ${taps(filter, 'route.sourceHeight', 'route.start.y + (f32(id.y) + 0.5) * route.scale.y', 'route.scale.y', 'levelsAt(id.x, tap)')}
  ${normalised}
}
`
}

/** Resizes as TensorFlow.js' `resizeBilinear` with aligned corners, without antialiasing and rounding, and normalises. */
export function emitAlignCorners(): string {
  return `${route}
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

fn levelsAt(x: u32, y: u32) -> vec3f {
  return round(255.0 * textureLoad(picture, vec2u(min(x, route.sourceWidth - 1u), min(y, route.sourceHeight - 1u)), 0).rgb);
}

${main}
  if (id.x >= route.width || id.y >= route.height) { return; }
  let place = route.start + vec2f(id.xy) * route.scale;
  let low = vec2u(floor(place));
  let high = vec2u(ceil(place));
  let share = place - floor(place);
  let above = mix(levelsAt(low.x, low.y), levelsAt(high.x, low.y), share.x);
  let below = mix(levelsAt(low.x, high.y), levelsAt(high.x, high.y), share.x);
  let levels = mix(above, below, share.y);
  ${normalised}
}
`
}
