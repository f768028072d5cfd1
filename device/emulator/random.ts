// Seeded random numbers: sfc32 (Doty-Humphrey, PractRand) and Gaussians by Marsaglia's polar method. Same seed, same sequence.

export class Random {
  private a: number;
  private b: number;
  private c = 0x9e3779b9 | 0;
  private counter = 1;
  private spare: number | undefined;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 2 ** 32) | 0;
    for (let i = 0; i < 15; i++) this.uint32();
  }

  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1). */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** Mean 0, standard deviation 1. */
  gaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }
}

/** A slow random walk that is drawn back to its mean (Ornstein–Uhlenbeck), exact for any step. */
export class Wander {
  private deviation: number;

  constructor(
    private readonly random: Random,
    private readonly mean: number,
    private readonly standardDeviation: number,
    private readonly timeConstantS: number,
  ) {
    this.deviation = standardDeviation * random.gaussian();
  }

  get value(): number {
    return this.mean + this.deviation;
  }

  step(seconds: number): number {
    const kept = Math.exp(-seconds / this.timeConstantS);
    const fresh = this.standardDeviation * Math.sqrt(1 - kept * kept);
    this.deviation = this.deviation * kept + fresh * this.random.gaussian();
    return this.value;
  }
}
