// AssemblyScript. Addresses are in bytes, `length` counts doubles. Every product is rounded before it is added, as
// src/risk/scenario-memory.ts does where there is no SIMD: both give the same bits in the same order. Doubles come in a
// list, `input`: as an argument each would be boxed on the heap, 16 bytes, wherever the engine does not inline the call.
//
// Budget: a pass over 1,000 scenarios in less than half of what it takes in JavaScript; bench/scenario-kernel.bench.js.

/** losses[i] += input[0] · returns[i]. */
export function addScaled(input: usize, losses: usize, returns: usize, length: i32): void {
  const factor = load<f64>(input);
  const factors = f64x2.splat(factor);
  let left = length;
  for (; left >= 4; left -= 4) {
    v128.store(losses, f64x2.add(v128.load(losses), f64x2.mul(factors, v128.load(returns))));
    v128.store(losses, f64x2.add(v128.load(losses, 16), f64x2.mul(factors, v128.load(returns, 16))), 16);
    losses += 32;
    returns += 32;
  }
  for (; left > 0; left--) {
    store<f64>(losses, load<f64>(losses) + factor * load<f64>(returns));
    losses += 8;
    returns += 8;
  }
}

/**
 * The same, and copies the losses that come to lie above input[1] to `gathered`, in order; returns how many. Every loss is
 * written there and the place moves on only behind those that stay: which do cannot be predicted, and a wrong guess
 * costs more than eight such writes. So there must be room for one more than `length`.
 */
export function addAndGather(input: usize, losses: usize, returns: usize, gathered: usize, length: i32): i32 {
  const factor = load<f64>(input);
  const bound = load<f64>(input, 8);
  const factors = f64x2.splat(factor);
  const bounds = f64x2.splat(bound);
  let to = gathered;
  let left = length;
  for (; left >= 4; left -= 4) {
    const first = f64x2.add(v128.load(losses), f64x2.mul(factors, v128.load(returns)));
    const second = f64x2.add(v128.load(losses, 16), f64x2.mul(factors, v128.load(returns, 16)));
    v128.store(losses, first);
    v128.store(losses, second, 16);
    const above = i64x2.bitmask(f64x2.gt(first, bounds));
    const aboveToo = i64x2.bitmask(f64x2.gt(second, bounds));
    // Most losses lie below, most often all four of them.
    if ((above | aboveToo) !== 0) {
      v128.store64_lane(to, first, 0);
      to += <usize>((above & 1) << 3);
      v128.store64_lane(to, first, 1);
      to += <usize>((above & 2) << 2);
      v128.store64_lane(to, second, 0);
      to += <usize>((aboveToo & 1) << 3);
      v128.store64_lane(to, second, 1);
      to += <usize>((aboveToo & 2) << 2);
    }
    losses += 32;
    returns += 32;
  }
  for (; left > 0; left--) {
    const loss = load<f64>(losses) + factor * load<f64>(returns);
    store<f64>(losses, loss);
    store<f64>(to, loss);
    if (loss > bound) to += 8;
    losses += 8;
    returns += 8;
  }
  return <i32>((to - gathered) >> 3);
}
