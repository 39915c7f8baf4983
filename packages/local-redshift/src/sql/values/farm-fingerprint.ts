const mask = 0xffff_ffff_ffff_ffffn;
const k0 = 0xc3a5_c85c_97cb_3127n;
const k1 = 0xb492_b66f_be98_f273n;
const k2 = 0x9ae1_6a3b_2f90_404fn;

/** FarmHash's `Fingerprint64` as a signed integer. Source: google/farmhash, farmhashna; Database Developer Guide, r_FARMFINGERPRINT64. */
export function farmFingerprint64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash =
    bytes.length <= 16
      ? upTo16(view)
      : bytes.length <= 32
        ? upTo32(view)
        : bytes.length <= 64
          ? upTo64(view)
          : longer(view);
  return BigInt.asIntN(64, hash);
}

const fetch64 = (view: DataView, at: number) => view.getBigUint64(at, true);
const fetch32 = (view: DataView, at: number) => BigInt(view.getUint32(at, true));
const add = (...terms: readonly bigint[]) => terms.reduce((sum, term) => (sum + term) & mask, 0n);
const multiply = (a: bigint, b: bigint) => (a * b) & mask;
const rotate = (value: bigint, bits: bigint) => ((value >> bits) | (value << (64n - bits))) & mask;
const shiftMix = (value: bigint) => value ^ (value >> 47n);

function hash16(u: bigint, v: bigint, factor: bigint): bigint {
  const a = shiftMix(multiply(u ^ v, factor));
  return multiply(shiftMix(multiply(v ^ a, factor)), factor);
}

function upTo16(view: DataView): bigint {
  const length = view.byteLength;
  const factor = add(k2, BigInt(length) * 2n);
  if (length >= 8) {
    const a = add(fetch64(view, 0), k2);
    const b = fetch64(view, length - 8);
    const c = add(multiply(rotate(b, 37n), factor), a);
    const d = multiply(add(rotate(a, 25n), b), factor);
    return hash16(c, d, factor);
  }
  if (length >= 4) return hash16(add(BigInt(length), fetch32(view, 0) << 3n), fetch32(view, length - 4), factor);
  if (length === 0) return k2;
  const [a, b, c] = [view.getUint8(0), view.getUint8(length >> 1), view.getUint8(length - 1)];
  const y = BigInt(a + (b << 8));
  const z = BigInt(length + (c << 2));
  return multiply(shiftMix(multiply(y, k2) ^ multiply(z, k0)), k2);
}

function upTo32(view: DataView): bigint {
  const length = view.byteLength;
  const factor = add(k2, BigInt(length) * 2n);
  const a = multiply(fetch64(view, 0), k1);
  const b = fetch64(view, 8);
  const c = multiply(fetch64(view, length - 8), factor);
  const d = multiply(fetch64(view, length - 16), k2);
  return hash16(add(rotate(add(a, b), 43n), rotate(c, 30n), d), add(a, rotate(add(b, k2), 18n), c), factor);
}

function upTo64(view: DataView): bigint {
  const length = view.byteLength;
  const factor = add(k2, BigInt(length) * 2n);
  const a = multiply(fetch64(view, 0), k2);
  const b = fetch64(view, 8);
  const c = multiply(fetch64(view, length - 8), factor);
  const d = multiply(fetch64(view, length - 16), k2);
  const y = add(rotate(add(a, b), 43n), rotate(c, 30n), d);
  const z = hash16(y, add(a, rotate(add(b, k2), 18n), c), factor);
  const e = multiply(fetch64(view, 16), factor);
  const f = fetch64(view, 24);
  const g = multiply(add(y, fetch64(view, length - 32)), factor);
  const h = multiply(add(z, fetch64(view, length - 24)), factor);
  return hash16(add(rotate(add(e, f), 43n), rotate(g, 30n), h), add(e, rotate(add(f, a), 18n), g), factor);
}

type Pair = readonly [bigint, bigint];

function weak32(view: DataView, at: number, first: bigint, second: bigint): Pair {
  const [w, x, y, z] = [0, 8, 16, 24].map((offset) => fetch64(view, at + offset)) as [bigint, bigint, bigint, bigint];
  const a = add(first, w);
  const b = rotate(add(second, a, z), 21n);
  const sum = add(a, x, y);
  return [add(sum, z), add(b, rotate(sum, 44n), a)];
}

function longer(view: DataView): bigint {
  const length = view.byteLength;
  let x = 81n;
  let y = add(multiply(81n, k1), 113n);
  let z = multiply(shiftMix(add(multiply(y, k2), 113n)), k2);
  let v: Pair = [0n, 0n];
  let w: Pair = [0n, 0n];
  x = add(multiply(x, k2), fetch64(view, 0));
  const end = Math.floor((length - 1) / 64) * 64;
  const last = length - 64;
  for (let at = 0; at < end; at += 64) {
    x = multiply(rotate(add(x, y, v[0], fetch64(view, at + 8)), 37n), k1);
    y = multiply(rotate(add(y, v[1], fetch64(view, at + 48)), 42n), k1);
    x ^= w[1];
    y = add(y, v[0], fetch64(view, at + 40));
    z = multiply(rotate(add(z, w[0]), 33n), k1);
    v = weak32(view, at, multiply(v[1], k1), add(x, w[0]));
    w = weak32(view, at + 32, add(z, w[1]), add(y, fetch64(view, at + 16)));
    [z, x] = [x, z];
  }
  const factor = add(k1, (z & 0xffn) << 1n);
  w = [add(w[0], BigInt((length - 1) & 63)), w[1]];
  v = [add(v[0], w[0]), v[1]];
  w = [add(w[0], v[0]), w[1]];
  x = multiply(rotate(add(x, y, v[0], fetch64(view, last + 8)), 37n), factor);
  y = multiply(rotate(add(y, v[1], fetch64(view, last + 48)), 42n), factor);
  x ^= multiply(w[1], 9n);
  y = add(y, multiply(v[0], 9n), fetch64(view, last + 40));
  z = multiply(rotate(add(z, w[0]), 33n), factor);
  v = weak32(view, last, multiply(v[1], factor), add(x, w[0]));
  w = weak32(view, last + 32, add(z, w[1]), add(y, fetch64(view, last + 16)));
  [z, x] = [x, z];
  return hash16(
    add(hash16(v[0], w[0], factor), multiply(shiftMix(y), k0), z),
    add(hash16(v[1], w[1], factor), x),
    factor,
  );
}
