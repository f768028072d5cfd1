// Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), with its usual 12 rounds of warming up. Same seed, same numbers, everywhere.

export class Random {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;
  #spareNormal: number | undefined;

  /** `seed`: an integer from 0 to 2⁵³ − 1. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new RangeError(`seed ${seed} is not an integer from 0 to 2^53 - 1`);
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** 0 … 2³² − 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 ≤ u < 1, in steps of 2⁻³². */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer 0 … n − 1; n ≤ 2³². The bias of at most n / 2³² is left in. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Mean 0, deviation 1: Marsaglia's polar method. */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const stretch = Math.sqrt((-2 * Math.log(s)) / s);
        this.#spareNormal = v * stretch;
        return u * stretch;
      }
    }
  }

  /** In place: Fisher and Yates. */
  shuffle(items: Int32Array): Int32Array {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = items[i] as number;
      items[i] = items[j] as number;
      items[j] = kept;
    }
    return items;
  }
}
