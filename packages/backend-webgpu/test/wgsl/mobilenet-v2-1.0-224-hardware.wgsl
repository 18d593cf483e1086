// stem
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, tiles: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

fn column(row: u32, x: u32) -> vec3f {
  if (x >= sizes.inputWidth) { return vec3f(0); }
  let first = (row + x) * 3u;
  return vec3f(input[first], input[first + 1u], input[first + 2u]);
}

@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let outputs = sizes.outputs;
  let vector = id.x * 2u;
  let y = id.y / sizes.tiles;
  let x = id.y % sizes.tiles * 4u;
  if (vector >= outputs || y >= sizes.outputHeight) { return; }
  let bias0 = weights[vector];
  let bias1 = weights[vector + 1u];
  var sum0_0 = bias0;
  var sum0_1 = bias1;
  var sum1_0 = bias0;
  var sum1_1 = bias1;
  var sum2_0 = bias0;
  var sum2_1 = bias1;
  var sum3_0 = bias0;
  var sum3_1 = bias1;
  for (var tapY = 0u; tapY < 3u; tapY++) {
    let inputY = y * 2u + tapY - sizes.top;
    if (inputY >= sizes.inputHeight) { continue; }
    let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
    let firstX = x * 2u - sizes.left;
    let column0 = column(row, firstX);
    let column1 = column(row, firstX + 1u);
    let column2 = column(row, firstX + 2u);
    let column3 = column(row, firstX + 3u);
    let column4 = column(row, firstX + 4u);
    let column5 = column(row, firstX + 5u);
    let column6 = column(row, firstX + 6u);
    let column7 = column(row, firstX + 7u);
    let column8 = column(row, firstX + 8u);
    let tap = (1u + tapY * 9u) * outputs + vector;
    let rows0_0 = mat3x4f(weights[tap], weights[tap + outputs], weights[tap + 2u * outputs]);
    let rows0_1 = mat3x4f(weights[tap + 1u], weights[tap + outputs + 1u], weights[tap + 2u * outputs + 1u]);
    sum0_0 += rows0_0 * column0;
    sum0_1 += rows0_1 * column0;
    sum1_0 += rows0_0 * column2;
    sum1_1 += rows0_1 * column2;
    sum2_0 += rows0_0 * column4;
    sum2_1 += rows0_1 * column4;
    sum3_0 += rows0_0 * column6;
    sum3_1 += rows0_1 * column6;
    let rows1_0 = mat3x4f(weights[tap + 3u * outputs], weights[tap + 4u * outputs], weights[tap + 5u * outputs]);
    let rows1_1 = mat3x4f(weights[tap + 3u * outputs + 1u], weights[tap + 4u * outputs + 1u], weights[tap + 5u * outputs + 1u]);
    sum0_0 += rows1_0 * column1;
    sum0_1 += rows1_1 * column1;
    sum1_0 += rows1_0 * column3;
    sum1_1 += rows1_1 * column3;
    sum2_0 += rows1_0 * column5;
    sum2_1 += rows1_1 * column5;
    sum3_0 += rows1_0 * column7;
    sum3_1 += rows1_1 * column7;
    let rows2_0 = mat3x4f(weights[tap + 6u * outputs], weights[tap + 7u * outputs], weights[tap + 8u * outputs]);
    let rows2_1 = mat3x4f(weights[tap + 6u * outputs + 1u], weights[tap + 7u * outputs + 1u], weights[tap + 8u * outputs + 1u]);
    sum0_0 += rows2_0 * column2;
    sum0_1 += rows2_1 * column2;
    sum1_0 += rows2_0 * column4;
    sum1_1 += rows2_1 * column4;
    sum2_0 += rows2_0 * column6;
    sum2_1 += rows2_1 * column6;
    sum3_0 += rows2_0 * column8;
    sum3_1 += rows2_1 * column8;
  }
  let to = ((id.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (x + 1u < sizes.outputWidth) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (x + 2u < sizes.outputWidth) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (x + 3u < sizes.outputWidth) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block1.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, tiles: u32, channels: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

fn column(row: u32, x: u32, vector: u32) -> vec4f {
  if (x >= sizes.inputWidth) { return vec4f(0); }
  return input[(row + x) * sizes.channels + vector];
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channels = sizes.channels;
  let vector = id.x * 1u;
  let y = id.y / sizes.tiles;
  let x = id.y % sizes.tiles * 4u;
  if (vector >= channels || y >= sizes.outputHeight) { return; }
  let bias = weights[vector];
  var sum0 = bias;
  var sum1 = bias;
  var sum2 = bias;
  var sum3 = bias;
  for (var tapY = 0u; tapY < 3u; tapY++) {
    let inputY = y * 1u + tapY - sizes.top;
    if (inputY >= sizes.inputHeight) { continue; }
    let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
    let firstX = x * 1u - sizes.left;
    let column0 = column(row, firstX, vector);
    let column1 = column(row, firstX + 1u, vector);
    let column2 = column(row, firstX + 2u, vector);
    let column3 = column(row, firstX + 3u, vector);
    let column4 = column(row, firstX + 4u, vector);
    let column5 = column(row, firstX + 5u, vector);
    let tap = (1u + tapY * 3u) * channels + vector;
    let tap0 = weights[tap];
    let tap1 = weights[tap + channels];
    let tap2 = weights[tap + 2u * channels];
    sum0 += column0 * tap0 + column1 * tap1 + column2 * tap2;
    sum1 += column1 * tap0 + column2 * tap1 + column3 * tap2;
    sum2 += column2 * tap0 + column3 * tap1 + column4 * tap2;
    sum3 += column3 * tap0 + column4 * tap1 + column5 * tap2;
  }
  let to = ((id.z * sizes.outputHeight + y) * sizes.outputWidth + x) * channels + vector;
  store(to, sum0);
  if (x + 1u < sizes.outputWidth) { store(to + channels, sum1); }
  if (x + 2u < sizes.outputWidth) { store(to + 2u * channels, sum2); }
  if (x + 3u < sizes.outputWidth) { store(to + 3u * channels, sum3); }
}

// block1.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

@compute @workgroup_size(4, 16, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 4u + local.x) * 1u;
  let pixel = (group.y * 16u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum1_0 = weights[vector];
  var sum2_0 = weights[vector];
  var sum3_0 = weights[vector];
  for (var i = part; i < inputs; i += 1u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum3_0 += rows0 * pixel3;
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); }
}

// block2.expand, block2.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, inputs: u32, channels: u32, tiles: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> expanded: array<vec4f, 578>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let height = sizes.inputHeight;
  let width = sizes.inputWidth;
  let inputs = sizes.inputs;
  let outputs = sizes.channels;
  let vector = group.x * 2u;
  let squareY = group.y / sizes.tiles * 8u;
  let squareX = group.y % sizes.tiles * 8u;
  let firstY = squareY * 2u - sizes.top;
  let firstX = squareX * 2u - sizes.left;
  let bias0 = weights[vector];
  let bias1 = weights[vector + 1u];
  let place0 = local;
  let y0 = firstY + place0 / 17u;
  let x0 = firstX + place0 % 17u;
  let from0 = ((group.z * height + min(y0, height - 1u)) * width + min(x0, width - 1u)) * inputs;
  var sum0_0 = bias0;
  var sum0_1 = bias1;
  let place1 = local + 64u;
  let y1 = firstY + place1 / 17u;
  let x1 = firstX + place1 % 17u;
  let from1 = ((group.z * height + min(y1, height - 1u)) * width + min(x1, width - 1u)) * inputs;
  var sum1_0 = bias0;
  var sum1_1 = bias1;
  let place2 = local + 128u;
  let y2 = firstY + place2 / 17u;
  let x2 = firstX + place2 % 17u;
  let from2 = ((group.z * height + min(y2, height - 1u)) * width + min(x2, width - 1u)) * inputs;
  var sum2_0 = bias0;
  var sum2_1 = bias1;
  let place3 = local + 192u;
  let y3 = firstY + place3 / 17u;
  let x3 = firstX + place3 % 17u;
  let from3 = ((group.z * height + min(y3, height - 1u)) * width + min(x3, width - 1u)) * inputs;
  var sum3_0 = bias0;
  var sum3_1 = bias1;
  let place4 = local + 256u;
  let y4 = firstY + place4 / 17u;
  let x4 = firstX + place4 % 17u;
  let from4 = ((group.z * height + min(y4, height - 1u)) * width + min(x4, width - 1u)) * inputs;
  var sum4_0 = bias0;
  var sum4_1 = bias1;
  for (var i = 0u; i < inputs; i++) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    let pixel4 = input[from4 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
    sum4_0 += rows0 * pixel4;
    sum4_1 += rows1 * pixel4;
  }
  let isOnMap0 = y0 < height && x0 < width;
  expanded[place0 * 2u] = select(vec4f(0), clamp(sum0_0, vec4f(0), vec4f(6)), isOnMap0);
  expanded[place0 * 2u + 1u] = select(vec4f(0), clamp(sum0_1, vec4f(0), vec4f(6)), isOnMap0);
  let isOnMap1 = y1 < height && x1 < width;
  expanded[place1 * 2u] = select(vec4f(0), clamp(sum1_0, vec4f(0), vec4f(6)), isOnMap1);
  expanded[place1 * 2u + 1u] = select(vec4f(0), clamp(sum1_1, vec4f(0), vec4f(6)), isOnMap1);
  let isOnMap2 = y2 < height && x2 < width;
  expanded[place2 * 2u] = select(vec4f(0), clamp(sum2_0, vec4f(0), vec4f(6)), isOnMap2);
  expanded[place2 * 2u + 1u] = select(vec4f(0), clamp(sum2_1, vec4f(0), vec4f(6)), isOnMap2);
  let isOnMap3 = y3 < height && x3 < width;
  expanded[place3 * 2u] = select(vec4f(0), clamp(sum3_0, vec4f(0), vec4f(6)), isOnMap3);
  expanded[place3 * 2u + 1u] = select(vec4f(0), clamp(sum3_1, vec4f(0), vec4f(6)), isOnMap3);
  let isOnMap4 = y4 < height && x4 < width;
  if (place4 < 289u) {
    expanded[place4 * 2u] = select(vec4f(0), clamp(sum4_0, vec4f(0), vec4f(6)), isOnMap4);
    expanded[place4 * 2u + 1u] = select(vec4f(0), clamp(sum4_1, vec4f(0), vec4f(6)), isOnMap4);
  }
  workgroupBarrier();
  let y = squareY + local / 8u;
  let x = squareX + local % 8u;
  if (local >= 64u || y >= sizes.outputHeight || x >= sizes.outputWidth) { return; }
  let corner = (local / 8u * 17u + local % 8u) * 2u;
  let taps = (1u + 4u * inputs) * outputs + vector;
  var result0 = weights[taps];
  var result1 = weights[taps + 1u];
  result0 += expanded[(corner) * 2u] * weights[taps + outputs];
  result1 += expanded[(corner) * 2u + 1u] * weights[taps + outputs + 1u];
  result0 += expanded[(corner + 1u) * 2u] * weights[taps + 2u * outputs];
  result1 += expanded[(corner + 1u) * 2u + 1u] * weights[taps + 2u * outputs + 1u];
  result0 += expanded[(corner + 2u) * 2u] * weights[taps + 3u * outputs];
  result1 += expanded[(corner + 2u) * 2u + 1u] * weights[taps + 3u * outputs + 1u];
  result0 += expanded[(corner + 17u) * 2u] * weights[taps + 4u * outputs];
  result1 += expanded[(corner + 17u) * 2u + 1u] * weights[taps + 4u * outputs + 1u];
  result0 += expanded[(corner + 18u) * 2u] * weights[taps + 5u * outputs];
  result1 += expanded[(corner + 18u) * 2u + 1u] * weights[taps + 5u * outputs + 1u];
  result0 += expanded[(corner + 19u) * 2u] * weights[taps + 6u * outputs];
  result1 += expanded[(corner + 19u) * 2u + 1u] * weights[taps + 6u * outputs + 1u];
  result0 += expanded[(corner + 34u) * 2u] * weights[taps + 7u * outputs];
  result1 += expanded[(corner + 34u) * 2u + 1u] * weights[taps + 7u * outputs + 1u];
  result0 += expanded[(corner + 35u) * 2u] * weights[taps + 8u * outputs];
  result1 += expanded[(corner + 35u) * 2u + 1u] * weights[taps + 8u * outputs + 1u];
  result0 += expanded[(corner + 36u) * 2u] * weights[taps + 9u * outputs];
  result1 += expanded[(corner + 36u) * 2u + 1u] * weights[taps + 9u * outputs + 1u];
  let to = ((group.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  store(to, result0);
  store(to + 1u, result1);
}

// block2.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 384>;

@compute @workgroup_size(4, 4, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 4u + local.x) * 2u;
  let pixel = (group.y * 4u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum0_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let place = (local.y * 4u + local.x) * 8u;
  if (part > 0u) {
    let slot = (part - 1u) * 128u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum0_1;
    partial[slot + 2u] = sum1_0;
    partial[slot + 3u] = sum1_1;
    partial[slot + 4u] = sum2_0;
    partial[slot + 5u] = sum2_1;
    partial[slot + 6u] = sum3_0;
    partial[slot + 7u] = sum3_1;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 384u; slot += 128u) {
    sum0_0 += partial[slot];
    sum0_1 += partial[slot + 1u];
    sum1_0 += partial[slot + 2u];
    sum1_1 += partial[slot + 3u];
    sum2_0 += partial[slot + 4u];
    sum2_1 += partial[slot + 5u];
    sum3_0 += partial[slot + 6u];
    sum3_1 += partial[slot + 7u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block3.expand, block3.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, inputs: u32, channels: u32, tiles: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> expanded: array<vec4f, 200>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let height = sizes.inputHeight;
  let width = sizes.inputWidth;
  let inputs = sizes.inputs;
  let outputs = sizes.channels;
  let vector = group.x * 2u;
  let squareY = group.y / sizes.tiles * 8u;
  let squareX = group.y % sizes.tiles * 8u;
  let firstY = squareY * 1u - sizes.top;
  let firstX = squareX * 1u - sizes.left;
  let bias0 = weights[vector];
  let bias1 = weights[vector + 1u];
  let place0 = local;
  let y0 = firstY + place0 / 10u;
  let x0 = firstX + place0 % 10u;
  let from0 = ((group.z * height + min(y0, height - 1u)) * width + min(x0, width - 1u)) * inputs;
  var sum0_0 = bias0;
  var sum0_1 = bias1;
  let place1 = local + 64u;
  let y1 = firstY + place1 / 10u;
  let x1 = firstX + place1 % 10u;
  let from1 = ((group.z * height + min(y1, height - 1u)) * width + min(x1, width - 1u)) * inputs;
  var sum1_0 = bias0;
  var sum1_1 = bias1;
  for (var i = 0u; i < inputs; i++) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
  }
  let isOnMap0 = y0 < height && x0 < width;
  expanded[place0 * 2u] = select(vec4f(0), clamp(sum0_0, vec4f(0), vec4f(6)), isOnMap0);
  expanded[place0 * 2u + 1u] = select(vec4f(0), clamp(sum0_1, vec4f(0), vec4f(6)), isOnMap0);
  let isOnMap1 = y1 < height && x1 < width;
  if (place1 < 100u) {
    expanded[place1 * 2u] = select(vec4f(0), clamp(sum1_0, vec4f(0), vec4f(6)), isOnMap1);
    expanded[place1 * 2u + 1u] = select(vec4f(0), clamp(sum1_1, vec4f(0), vec4f(6)), isOnMap1);
  }
  workgroupBarrier();
  let y = squareY + local / 8u;
  let x = squareX + local % 8u;
  if (local >= 64u || y >= sizes.outputHeight || x >= sizes.outputWidth) { return; }
  let corner = (local / 8u * 10u + local % 8u) * 1u;
  let taps = (1u + 4u * inputs) * outputs + vector;
  var result0 = weights[taps];
  var result1 = weights[taps + 1u];
  result0 += expanded[(corner) * 2u] * weights[taps + outputs];
  result1 += expanded[(corner) * 2u + 1u] * weights[taps + outputs + 1u];
  result0 += expanded[(corner + 1u) * 2u] * weights[taps + 2u * outputs];
  result1 += expanded[(corner + 1u) * 2u + 1u] * weights[taps + 2u * outputs + 1u];
  result0 += expanded[(corner + 2u) * 2u] * weights[taps + 3u * outputs];
  result1 += expanded[(corner + 2u) * 2u + 1u] * weights[taps + 3u * outputs + 1u];
  result0 += expanded[(corner + 10u) * 2u] * weights[taps + 4u * outputs];
  result1 += expanded[(corner + 10u) * 2u + 1u] * weights[taps + 4u * outputs + 1u];
  result0 += expanded[(corner + 11u) * 2u] * weights[taps + 5u * outputs];
  result1 += expanded[(corner + 11u) * 2u + 1u] * weights[taps + 5u * outputs + 1u];
  result0 += expanded[(corner + 12u) * 2u] * weights[taps + 6u * outputs];
  result1 += expanded[(corner + 12u) * 2u + 1u] * weights[taps + 6u * outputs + 1u];
  result0 += expanded[(corner + 20u) * 2u] * weights[taps + 7u * outputs];
  result1 += expanded[(corner + 20u) * 2u + 1u] * weights[taps + 7u * outputs + 1u];
  result0 += expanded[(corner + 21u) * 2u] * weights[taps + 8u * outputs];
  result1 += expanded[(corner + 21u) * 2u + 1u] * weights[taps + 8u * outputs + 1u];
  result0 += expanded[(corner + 22u) * 2u] * weights[taps + 9u * outputs];
  result1 += expanded[(corner + 22u) * 2u + 1u] * weights[taps + 9u * outputs + 1u];
  let to = ((group.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  store(to, result0);
  store(to + 1u, result1);
}

// block3.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

var<workgroup> partial: array<vec4f, 384>;

@compute @workgroup_size(4, 4, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 4u + local.x) * 2u;
  let pixel = (group.y * 4u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum0_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let place = (local.y * 4u + local.x) * 8u;
  if (part > 0u) {
    let slot = (part - 1u) * 128u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum0_1;
    partial[slot + 2u] = sum1_0;
    partial[slot + 3u] = sum1_1;
    partial[slot + 4u] = sum2_0;
    partial[slot + 5u] = sum2_1;
    partial[slot + 6u] = sum3_0;
    partial[slot + 7u] = sum3_1;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 384u; slot += 128u) {
    sum0_0 += partial[slot];
    sum0_1 += partial[slot + 1u];
    sum1_0 += partial[slot + 2u];
    sum1_1 += partial[slot + 3u];
    sum2_0 += partial[slot + 4u];
    sum2_1 += partial[slot + 5u];
    sum3_0 += partial[slot + 6u];
    sum3_1 += partial[slot + 7u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block4.expand, block4.depthwise, block7.expand, block7.depthwise, block14.expand, block14.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, inputs: u32, channels: u32, tiles: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> expanded: array<vec4f, 450>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let height = sizes.inputHeight;
  let width = sizes.inputWidth;
  let inputs = sizes.inputs;
  let outputs = sizes.channels;
  let vector = group.x * 2u;
  let squareY = group.y / sizes.tiles * 7u;
  let squareX = group.y % sizes.tiles * 7u;
  let firstY = squareY * 2u - sizes.top;
  let firstX = squareX * 2u - sizes.left;
  let bias0 = weights[vector];
  let bias1 = weights[vector + 1u];
  let place0 = local;
  let y0 = firstY + place0 / 15u;
  let x0 = firstX + place0 % 15u;
  let from0 = ((group.z * height + min(y0, height - 1u)) * width + min(x0, width - 1u)) * inputs;
  var sum0_0 = bias0;
  var sum0_1 = bias1;
  let place1 = local + 64u;
  let y1 = firstY + place1 / 15u;
  let x1 = firstX + place1 % 15u;
  let from1 = ((group.z * height + min(y1, height - 1u)) * width + min(x1, width - 1u)) * inputs;
  var sum1_0 = bias0;
  var sum1_1 = bias1;
  let place2 = local + 128u;
  let y2 = firstY + place2 / 15u;
  let x2 = firstX + place2 % 15u;
  let from2 = ((group.z * height + min(y2, height - 1u)) * width + min(x2, width - 1u)) * inputs;
  var sum2_0 = bias0;
  var sum2_1 = bias1;
  let place3 = local + 192u;
  let y3 = firstY + place3 / 15u;
  let x3 = firstX + place3 % 15u;
  let from3 = ((group.z * height + min(y3, height - 1u)) * width + min(x3, width - 1u)) * inputs;
  var sum3_0 = bias0;
  var sum3_1 = bias1;
  for (var i = 0u; i < inputs; i++) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let isOnMap0 = y0 < height && x0 < width;
  expanded[place0 * 2u] = select(vec4f(0), clamp(sum0_0, vec4f(0), vec4f(6)), isOnMap0);
  expanded[place0 * 2u + 1u] = select(vec4f(0), clamp(sum0_1, vec4f(0), vec4f(6)), isOnMap0);
  let isOnMap1 = y1 < height && x1 < width;
  expanded[place1 * 2u] = select(vec4f(0), clamp(sum1_0, vec4f(0), vec4f(6)), isOnMap1);
  expanded[place1 * 2u + 1u] = select(vec4f(0), clamp(sum1_1, vec4f(0), vec4f(6)), isOnMap1);
  let isOnMap2 = y2 < height && x2 < width;
  expanded[place2 * 2u] = select(vec4f(0), clamp(sum2_0, vec4f(0), vec4f(6)), isOnMap2);
  expanded[place2 * 2u + 1u] = select(vec4f(0), clamp(sum2_1, vec4f(0), vec4f(6)), isOnMap2);
  let isOnMap3 = y3 < height && x3 < width;
  if (place3 < 225u) {
    expanded[place3 * 2u] = select(vec4f(0), clamp(sum3_0, vec4f(0), vec4f(6)), isOnMap3);
    expanded[place3 * 2u + 1u] = select(vec4f(0), clamp(sum3_1, vec4f(0), vec4f(6)), isOnMap3);
  }
  workgroupBarrier();
  let y = squareY + local / 7u;
  let x = squareX + local % 7u;
  if (local >= 49u || y >= sizes.outputHeight || x >= sizes.outputWidth) { return; }
  let corner = (local / 7u * 15u + local % 7u) * 2u;
  let taps = (1u + 4u * inputs) * outputs + vector;
  var result0 = weights[taps];
  var result1 = weights[taps + 1u];
  result0 += expanded[(corner) * 2u] * weights[taps + outputs];
  result1 += expanded[(corner) * 2u + 1u] * weights[taps + outputs + 1u];
  result0 += expanded[(corner + 1u) * 2u] * weights[taps + 2u * outputs];
  result1 += expanded[(corner + 1u) * 2u + 1u] * weights[taps + 2u * outputs + 1u];
  result0 += expanded[(corner + 2u) * 2u] * weights[taps + 3u * outputs];
  result1 += expanded[(corner + 2u) * 2u + 1u] * weights[taps + 3u * outputs + 1u];
  result0 += expanded[(corner + 15u) * 2u] * weights[taps + 4u * outputs];
  result1 += expanded[(corner + 15u) * 2u + 1u] * weights[taps + 4u * outputs + 1u];
  result0 += expanded[(corner + 16u) * 2u] * weights[taps + 5u * outputs];
  result1 += expanded[(corner + 16u) * 2u + 1u] * weights[taps + 5u * outputs + 1u];
  result0 += expanded[(corner + 17u) * 2u] * weights[taps + 6u * outputs];
  result1 += expanded[(corner + 17u) * 2u + 1u] * weights[taps + 6u * outputs + 1u];
  result0 += expanded[(corner + 30u) * 2u] * weights[taps + 7u * outputs];
  result1 += expanded[(corner + 30u) * 2u + 1u] * weights[taps + 7u * outputs + 1u];
  result0 += expanded[(corner + 31u) * 2u] * weights[taps + 8u * outputs];
  result1 += expanded[(corner + 31u) * 2u + 1u] * weights[taps + 8u * outputs + 1u];
  result0 += expanded[(corner + 32u) * 2u] * weights[taps + 9u * outputs];
  result1 += expanded[(corner + 32u) * 2u + 1u] * weights[taps + 9u * outputs + 1u];
  let to = ((group.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  store(to, result0);
  store(to + 1u, result1);
}

// block4.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 96>;

@compute @workgroup_size(8, 2, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 2u + local.y) * 2u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
  }
  let place = (local.y * 8u + local.x) * 2u;
  if (part > 0u) {
    let slot = (part - 1u) * 32u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum1_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 96u; slot += 32u) {
    sum0_0 += partial[slot];
    sum1_0 += partial[slot + 1u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
}

// block5.expand, block5.depthwise, block6.expand, block6.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, inputs: u32, channels: u32, tiles: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> expanded: array<vec4f, 162>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let height = sizes.inputHeight;
  let width = sizes.inputWidth;
  let inputs = sizes.inputs;
  let outputs = sizes.channels;
  let vector = group.x * 2u;
  let squareY = group.y / sizes.tiles * 7u;
  let squareX = group.y % sizes.tiles * 7u;
  let firstY = squareY * 1u - sizes.top;
  let firstX = squareX * 1u - sizes.left;
  let bias0 = weights[vector];
  let bias1 = weights[vector + 1u];
  let place0 = local;
  let y0 = firstY + place0 / 9u;
  let x0 = firstX + place0 % 9u;
  let from0 = ((group.z * height + min(y0, height - 1u)) * width + min(x0, width - 1u)) * inputs;
  var sum0_0 = bias0;
  var sum0_1 = bias1;
  let place1 = local + 64u;
  let y1 = firstY + place1 / 9u;
  let x1 = firstX + place1 % 9u;
  let from1 = ((group.z * height + min(y1, height - 1u)) * width + min(x1, width - 1u)) * inputs;
  var sum1_0 = bias0;
  var sum1_1 = bias1;
  for (var i = 0u; i < inputs; i++) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
  }
  let isOnMap0 = y0 < height && x0 < width;
  expanded[place0 * 2u] = select(vec4f(0), clamp(sum0_0, vec4f(0), vec4f(6)), isOnMap0);
  expanded[place0 * 2u + 1u] = select(vec4f(0), clamp(sum0_1, vec4f(0), vec4f(6)), isOnMap0);
  let isOnMap1 = y1 < height && x1 < width;
  if (place1 < 81u) {
    expanded[place1 * 2u] = select(vec4f(0), clamp(sum1_0, vec4f(0), vec4f(6)), isOnMap1);
    expanded[place1 * 2u + 1u] = select(vec4f(0), clamp(sum1_1, vec4f(0), vec4f(6)), isOnMap1);
  }
  workgroupBarrier();
  let y = squareY + local / 7u;
  let x = squareX + local % 7u;
  if (local >= 49u || y >= sizes.outputHeight || x >= sizes.outputWidth) { return; }
  let corner = (local / 7u * 9u + local % 7u) * 1u;
  let taps = (1u + 4u * inputs) * outputs + vector;
  var result0 = weights[taps];
  var result1 = weights[taps + 1u];
  result0 += expanded[(corner) * 2u] * weights[taps + outputs];
  result1 += expanded[(corner) * 2u + 1u] * weights[taps + outputs + 1u];
  result0 += expanded[(corner + 1u) * 2u] * weights[taps + 2u * outputs];
  result1 += expanded[(corner + 1u) * 2u + 1u] * weights[taps + 2u * outputs + 1u];
  result0 += expanded[(corner + 2u) * 2u] * weights[taps + 3u * outputs];
  result1 += expanded[(corner + 2u) * 2u + 1u] * weights[taps + 3u * outputs + 1u];
  result0 += expanded[(corner + 9u) * 2u] * weights[taps + 4u * outputs];
  result1 += expanded[(corner + 9u) * 2u + 1u] * weights[taps + 4u * outputs + 1u];
  result0 += expanded[(corner + 10u) * 2u] * weights[taps + 5u * outputs];
  result1 += expanded[(corner + 10u) * 2u + 1u] * weights[taps + 5u * outputs + 1u];
  result0 += expanded[(corner + 11u) * 2u] * weights[taps + 6u * outputs];
  result1 += expanded[(corner + 11u) * 2u + 1u] * weights[taps + 6u * outputs + 1u];
  result0 += expanded[(corner + 18u) * 2u] * weights[taps + 7u * outputs];
  result1 += expanded[(corner + 18u) * 2u + 1u] * weights[taps + 7u * outputs + 1u];
  result0 += expanded[(corner + 19u) * 2u] * weights[taps + 8u * outputs];
  result1 += expanded[(corner + 19u) * 2u + 1u] * weights[taps + 8u * outputs + 1u];
  result0 += expanded[(corner + 20u) * 2u] * weights[taps + 9u * outputs];
  result1 += expanded[(corner + 20u) * 2u + 1u] * weights[taps + 9u * outputs + 1u];
  let to = ((group.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  store(to, result0);
  store(to + 1u, result1);
}

// block5.project, block6.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

var<workgroup> partial: array<vec4f, 96>;

@compute @workgroup_size(8, 2, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 2u + local.y) * 2u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
  }
  let place = (local.y * 8u + local.x) * 2u;
  if (part > 0u) {
    let slot = (part - 1u) * 32u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum1_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 96u; slot += 32u) {
    sum0_0 += partial[slot];
    sum1_0 += partial[slot + 1u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
}

// block7.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 48>;

@compute @workgroup_size(8, 2, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 2u + local.y) * 1u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    sum0_0 += rows0 * pixel0;
  }
  let place = (local.y * 8u + local.x) * 1u;
  if (part > 0u) {
    let slot = (part - 1u) * 16u + place;
    partial[slot] = sum0_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 48u; slot += 16u) {
    sum0_0 += partial[slot];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
}

// block8.expand, block9.expand, block10.expand, block11.expand, block12.expand, block13.expand
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> partial: array<vec4f, 384>;

@compute @workgroup_size(8, 2, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 2u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum0_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 8u;
  if (part > 0u) {
    let slot = (part - 1u) * 128u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum0_1;
    partial[slot + 2u] = sum1_0;
    partial[slot + 3u] = sum1_1;
    partial[slot + 4u] = sum2_0;
    partial[slot + 5u] = sum2_1;
    partial[slot + 6u] = sum3_0;
    partial[slot + 7u] = sum3_1;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 384u; slot += 128u) {
    sum0_0 += partial[slot];
    sum0_1 += partial[slot + 1u];
    sum1_0 += partial[slot + 2u];
    sum1_1 += partial[slot + 3u];
    sum2_0 += partial[slot + 4u];
    sum2_1 += partial[slot + 5u];
    sum3_0 += partial[slot + 6u];
    sum3_1 += partial[slot + 7u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block8.depthwise, block9.depthwise, block10.depthwise, block11.depthwise, block12.depthwise, block13.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, tiles: u32, channels: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

fn column(row: u32, x: u32, vector: u32) -> vec4f {
  if (x >= sizes.inputWidth) { return vec4f(0); }
  return input[(row + x) * sizes.channels + vector];
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channels = sizes.channels;
  let vector = id.x * 1u;
  let y = id.y / sizes.tiles;
  let x = id.y % sizes.tiles * 2u;
  if (vector >= channels || y >= sizes.outputHeight) { return; }
  let bias = weights[vector];
  var sum0 = bias;
  var sum1 = bias;
  for (var tapY = 0u; tapY < 3u; tapY++) {
    let inputY = y * 1u + tapY - sizes.top;
    if (inputY >= sizes.inputHeight) { continue; }
    let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
    let firstX = x * 1u - sizes.left;
    let column0 = column(row, firstX, vector);
    let column1 = column(row, firstX + 1u, vector);
    let column2 = column(row, firstX + 2u, vector);
    let column3 = column(row, firstX + 3u, vector);
    let tap = (1u + tapY * 3u) * channels + vector;
    let tap0 = weights[tap];
    let tap1 = weights[tap + channels];
    let tap2 = weights[tap + 2u * channels];
    sum0 += column0 * tap0 + column1 * tap1 + column2 * tap2;
    sum1 += column1 * tap0 + column2 * tap1 + column3 * tap2;
  }
  let to = ((id.z * sizes.outputHeight + y) * sizes.outputWidth + x) * channels + vector;
  store(to, sum0);
  if (x + 1u < sizes.outputWidth) { store(to + channels, sum1); }
}

// block8.project, block9.project, block10.project, block15.project, block16.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

var<workgroup> partial: array<vec4f, 480>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 1u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 16u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum3_0 += rows0 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 4u;
  if (part > 0u) {
    let slot = (part - 1u) * 32u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum1_0;
    partial[slot + 2u] = sum2_0;
    partial[slot + 3u] = sum3_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 480u; slot += 32u) {
    sum0_0 += partial[slot];
    sum1_0 += partial[slot + 1u];
    sum2_0 += partial[slot + 2u];
    sum3_0 += partial[slot + 3u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); }
}

// block11.project, block17.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 960>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 1u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum0_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  for (var i = part; i < inputs; i += 16u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 8u;
  if (part > 0u) {
    let slot = (part - 1u) * 64u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum0_1;
    partial[slot + 2u] = sum1_0;
    partial[slot + 3u] = sum1_1;
    partial[slot + 4u] = sum2_0;
    partial[slot + 5u] = sum2_1;
    partial[slot + 6u] = sum3_0;
    partial[slot + 7u] = sum3_1;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 960u; slot += 64u) {
    sum0_0 += partial[slot];
    sum0_1 += partial[slot + 1u];
    sum1_0 += partial[slot + 2u];
    sum1_1 += partial[slot + 3u];
    sum2_0 += partial[slot + 4u];
    sum2_1 += partial[slot + 5u];
    sum3_0 += partial[slot + 6u];
    sum3_1 += partial[slot + 7u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block12.project, block13.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

var<workgroup> partial: array<vec4f, 960>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 1u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum0_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_1 = select(vec4f(0), weights[vector + 1u], part == 0u);
  for (var i = part; i < inputs; i += 16u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum1_1 += rows1 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum2_1 += rows1 * pixel2;
    sum3_0 += rows0 * pixel3;
    sum3_1 += rows1 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 8u;
  if (part > 0u) {
    let slot = (part - 1u) * 64u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum0_1;
    partial[slot + 2u] = sum1_0;
    partial[slot + 3u] = sum1_1;
    partial[slot + 4u] = sum2_0;
    partial[slot + 5u] = sum2_1;
    partial[slot + 6u] = sum3_0;
    partial[slot + 7u] = sum3_1;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 960u; slot += 64u) {
    sum0_0 += partial[slot];
    sum0_1 += partial[slot + 1u];
    sum1_0 += partial[slot + 2u];
    sum1_1 += partial[slot + 3u];
    sum2_0 += partial[slot + 4u];
    sum2_1 += partial[slot + 5u];
    sum3_0 += partial[slot + 6u];
    sum3_1 += partial[slot + 7u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block14.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 480>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 1u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 16u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum3_0 += rows0 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 4u;
  if (part > 0u) {
    let slot = (part - 1u) * 32u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum1_0;
    partial[slot + 2u] = sum2_0;
    partial[slot + 3u] = sum3_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 480u; slot += 32u) {
    sum0_0 += partial[slot];
    sum1_0 += partial[slot + 1u];
    sum2_0 += partial[slot + 2u];
    sum3_0 += partial[slot + 3u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); }
}

// block15.expand, block16.expand, block17.expand
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

var<workgroup> partial: array<vec4f, 192>;

@compute @workgroup_size(8, 2, 4)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 2u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum1_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum2_0 = select(vec4f(0), weights[vector], part == 0u);
  var sum3_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 4u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    let pixel1 = input[from1 + i];
    let pixel2 = input[from2 + i];
    let pixel3 = input[from3 + i];
    sum0_0 += rows0 * pixel0;
    sum1_0 += rows0 * pixel1;
    sum2_0 += rows0 * pixel2;
    sum3_0 += rows0 * pixel3;
  }
  let place = (local.y * 8u + local.x) * 4u;
  if (part > 0u) {
    let slot = (part - 1u) * 64u + place;
    partial[slot] = sum0_0;
    partial[slot + 1u] = sum1_0;
    partial[slot + 2u] = sum2_0;
    partial[slot + 3u] = sum3_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 192u; slot += 64u) {
    sum0_0 += partial[slot];
    sum1_0 += partial[slot + 1u];
    sum2_0 += partial[slot + 2u];
    sum3_0 += partial[slot + 3u];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); }
}

// block15.depthwise, block16.depthwise, block17.depthwise
struct Sizes { inputHeight: u32, inputWidth: u32, outputHeight: u32, outputWidth: u32, top: u32, left: u32, tiles: u32, channels: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

fn column(row: u32, x: u32, vector: u32) -> vec4f {
  if (x >= sizes.inputWidth) { return vec4f(0); }
  return input[(row + x) * sizes.channels + vector];
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channels = sizes.channels;
  let vector = id.x * 1u;
  let y = id.y / sizes.tiles;
  let x = id.y % sizes.tiles * 1u;
  if (vector >= channels || y >= sizes.outputHeight) { return; }
  let bias = weights[vector];
  var sum0 = bias;
  for (var tapY = 0u; tapY < 3u; tapY++) {
    let inputY = y * 1u + tapY - sizes.top;
    if (inputY >= sizes.inputHeight) { continue; }
    let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
    let firstX = x * 1u - sizes.left;
    let column0 = column(row, firstX, vector);
    let column1 = column(row, firstX + 1u, vector);
    let column2 = column(row, firstX + 2u, vector);
    let tap = (1u + tapY * 3u) * channels + vector;
    let tap0 = weights[tap];
    let tap1 = weights[tap + channels];
    let tap2 = weights[tap + 2u * channels];
    sum0 += column0 * tap0 + column1 * tap1 + column2 * tap2;
  }
  let to = ((id.z * sizes.outputHeight + y) * sizes.outputWidth + x) * channels + vector;
  store(to, sum0);
}

// head, pool
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 120>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = group.x * 8u + local.x;
  let part = local.z;
  let isInside = column < outputs;
  let vector = min(column, outputs - 1u);
  let bias = weights[vector];
  var mean = vec4f(0);
  for (var pixel = part * 4u; pixel < pixels; pixel += 64u) {
    let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
    let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
    let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
    let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
    var sum0_0 = bias;
    var sum1_0 = bias;
    var sum2_0 = bias;
    var sum3_0 = bias;
    for (var i = 0u; i < inputs; i++) {
      let row = (1u + 4u * i) * outputs + vector;
      let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
      let pixel0 = input[from0 + i];
      let pixel1 = input[from1 + i];
      let pixel2 = input[from2 + i];
      let pixel3 = input[from3 + i];
      sum0_0 += rows0 * pixel0;
      sum1_0 += rows0 * pixel1;
      sum2_0 += rows0 * pixel2;
      sum3_0 += rows0 * pixel3;
    }
    mean += clamp(sum0_0, vec4f(0), vec4f(6));
    if (pixel + 1u < pixels) { mean += clamp(sum1_0, vec4f(0), vec4f(6)); }
    if (pixel + 2u < pixels) { mean += clamp(sum2_0, vec4f(0), vec4f(6)); }
    if (pixel + 3u < pixels) { mean += clamp(sum3_0, vec4f(0), vec4f(6)); }
  }
  let place = (local.y * 8u + local.x) * 1u;
  if (part > 0u) {
    let slot = (part - 1u) * 8u + place;
    partial[slot] = mean;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 120u; slot += 8u) {
    mean += partial[slot];
  }
  store(group.z * outputs + vector, mean / f32(pixels));
}

// classifier
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

var<workgroup> partial: array<vec4f, 120>;

@compute @workgroup_size(8, 1, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 1u;
  let pixel = (group.y * 1u + local.y) * 1u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  let vector = min(column, outputs - 1u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  var sum0_0 = select(vec4f(0), weights[vector], part == 0u);
  for (var i = part; i < inputs; i += 16u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let pixel0 = input[from0 + i];
    sum0_0 += rows0 * pixel0;
  }
  let place = (local.y * 8u + local.x) * 1u;
  if (part > 0u) {
    let slot = (part - 1u) * 8u + place;
    partial[slot] = sum0_0;
  }
  workgroupBarrier();
  if (part > 0u || !isInside) { return; }
  for (var slot = place; slot < 120u; slot += 8u) {
    sum0_0 += partial[slot];
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0);
}
