/** Seeded random numbers (xoshiro128**), the same on every machine; not the stream of any real library. */
export interface Random {
  /** Uniform in [0, 1) with 53 bits. */
  next(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Uniform integer in [0, below). */
  below(below: number): number;
  seed(seed: number | bigint): void;
}

export function createRandom(seed: number): Random {
  const state = new Uint32Array(4);
  let spare: number | null = null;

  const bits = (): number => {
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    state[2] = c ^ a;
    state[3] = d ^ b;
    state[1] = b ^ state[2];
    state[0] = a ^ state[3];
    state[2] = state[2] ^ (b << 9);
    state[3] = rotate(state[3], 11);
    return result;
  };

  const random: Random = {
    next: () => ((bits() >>> 5) * 0x4000000 + (bits() >>> 6)) / 0x20000000000000,
    normal() {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const angle = 2 * Math.PI * random.next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below: (below) => Math.floor(random.next() * below),
    seed(value) {
      // splitmix32 spreads nearby seeds apart.
      let mixed = Number(BigInt.asUintN(32, BigInt(value)));
      for (let i = 0; i < 4; i++) {
        mixed = (mixed + 0x9e3779b9) | 0;
        let z = mixed ^ (mixed >>> 16);
        z = Math.imul(z, 0x21f0aaad);
        z ^= z >>> 15;
        z = Math.imul(z, 0x735a2d97);
        state[i] = z ^ (z >>> 15);
      }
      spare = null;
    },
  };
  random.seed(seed);
  return random;
}

const rotate = (x: number, by: number): number => ((x << by) | (x >>> (32 - by))) >>> 0;
