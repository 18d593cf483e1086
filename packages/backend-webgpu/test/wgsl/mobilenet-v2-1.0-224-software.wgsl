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

// block1.depthwise, block3.depthwise, block5.depthwise, block6.depthwise, block8.depthwise, block9.depthwise, block10.depthwise, block11.depthwise, block12.depthwise, block13.depthwise, block15.depthwise, block16.depthwise, block17.depthwise
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

@compute @workgroup_size(2, 32, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 2u + local.x) * 2u;
  let pixel = (group.y * 32u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block2.expand, block3.expand, block4.expand, block5.expand, block6.expand, block7.expand, block8.expand, block9.expand, block10.expand, block11.expand, block12.expand, block13.expand, block14.expand, block15.expand, block16.expand, block17.expand
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = clamp(sum, vec4f(0), vec4f(6));
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 8u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block2.depthwise, block4.depthwise, block7.depthwise, block14.depthwise
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
    let inputY = y * 2u + tapY - sizes.top;
    if (inputY >= sizes.inputHeight) { continue; }
    let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
    let firstX = x * 2u - sizes.left;
    let column0 = column(row, firstX, vector);
    let column1 = column(row, firstX + 1u, vector);
    let column2 = column(row, firstX + 2u, vector);
    let column3 = column(row, firstX + 3u, vector);
    let column4 = column(row, firstX + 4u, vector);
    let tap = (1u + tapY * 3u) * channels + vector;
    let tap0 = weights[tap];
    let tap1 = weights[tap + channels];
    let tap2 = weights[tap + 2u * channels];
    sum0 += column0 * tap0 + column1 * tap1 + column2 * tap2;
    sum1 += column2 * tap0 + column3 * tap1 + column4 * tap2;
  }
  let to = ((id.z * sizes.outputHeight + y) * sizes.outputWidth + x) * channels + vector;
  store(to, sum0);
  if (x + 1u < sizes.outputWidth) { store(to + channels, sum1); }
}

// block2.project, block4.project
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
  let column = (group.x * 4u + local.x) * 2u;
  let pixel = (group.y * 16u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block3.project, block5.project, block6.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

@compute @workgroup_size(4, 16, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 4u + local.x) * 2u;
  let pixel = (group.y * 16u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block7.project, block11.project, block14.project, block17.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum;
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 8u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
}

// block8.project, block9.project, block10.project, block12.project, block13.project, block15.project, block16.project
struct Sizes { pixels: u32, inputs: u32, outputs: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read> shortcut: array<vec4f>;

fn store(to: u32, sum: vec4f) {
  output[to] = sum + shortcut[to];
}

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 8u + local.x) * 2u;
  let pixel = (group.y * 8u + local.y) * 4u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  let from1 = (group.z * pixels + min(pixel + 1u, pixels - 1u)) * inputs;
  let from2 = (group.z * pixels + min(pixel + 2u, pixels - 1u)) * inputs;
  let from3 = (group.z * pixels + min(pixel + 3u, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  var sum1_0 = weights[vector];
  var sum1_1 = weights[vector + 1u];
  var sum2_0 = weights[vector];
  var sum2_1 = weights[vector + 1u];
  var sum3_0 = weights[vector];
  var sum3_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
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
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
  if (pixel + 1u < pixels) { store(to + outputs, sum1_0); store(to + outputs + 1u, sum1_1); }
  if (pixel + 2u < pixels) { store(to + 2u * outputs, sum2_0); store(to + 2u * outputs + 1u, sum2_1); }
  if (pixel + 3u < pixels) { store(to + 3u * outputs, sum3_0); store(to + 3u * outputs + 1u, sum3_1); }
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

@compute @workgroup_size(8, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = group.x * 8u + local.x;
  let part = local.z;
  let isInside = column < outputs;
  if (!isInside) { return; }
  let vector = min(column, outputs - 1u);
  let bias = weights[vector];
  var mean = vec4f(0);
  for (var pixel = part * 4u; pixel < pixels; pixel += 4u) {
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

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * 64u + local.x) * 2u;
  let pixel = (group.y * 1u + local.y) * 1u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  if (!isInside) { return; }
  let vector = min(column, outputs - 2u);
  let from0 = (group.z * pixels + min(pixel, pixels - 1u)) * inputs;
  var sum0_0 = weights[vector];
  var sum0_1 = weights[vector + 1u];
  for (var i = part; i < inputs; i += 1u) {
    let row = (1u + 4u * i) * outputs + vector;
    let rows0 = mat4x4f(weights[row], weights[row + outputs], weights[row + 2u * outputs], weights[row + 3u * outputs]);
    let rows1 = mat4x4f(weights[row + 1u], weights[row + outputs + 1u], weights[row + 2u * outputs + 1u], weights[row + 3u * outputs + 1u]);
    let pixel0 = input[from0 + i];
    sum0_0 += rows0 * pixel0;
    sum0_1 += rows1 * pixel0;
  }
  let to = (group.z * pixels + pixel) * outputs + vector;
  store(to, sum0_0); store(to + 1u, sum0_1);
}
