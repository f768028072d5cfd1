// Labs for the tests, from a seed: trees of at most seven nodes with every supported field in play, often on the edge of a limit.
import type { LabFile } from '../../../main/planner/lab';

/** mulberry32: small, seeded, good enough to draw labs. */
export class Draw {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(...values: T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** Few, round values make ties; spread ones make everything else. */
  scale(low: number, high: number): number {
    const value = low * (high / low) ** this.next();
    return this.chance(0.5) ? 10 ** Math.round(Math.log10(value)) : value;
  }
}

export function randomLab(draw: Draw): LabFile {
  // Four labs in ten are about codecs on long routes: nothing in the nodes' way, data that compress, links near their limit.
  const study = draw.chance(0.4);
  const count = 1 + draw.below(study ? 5 : 7);
  const period = draw.of(0.5, 1, 2, draw.scale(0.1, 10));
  const maybe = <T extends object>(probability: number, fields: () => T): Partial<T> =>
    draw.chance(probability) ? fields() : {};
  const ids = shuffled(draw, ['a', 'b', 'B', 'c10', 'c9', 'd', '_e']).slice(0, count);
  const codecs = study || draw.chance(0.7);
  const barrier = (probability: number): number => (study ? 0 : probability);

  const nodes = ids.map((id, i) => ({
    id,
    ...(draw.chance(0.7)
      ? { infer_s: draw.scale(1e-3, period) * (study ? 0.1 : draw.of(1, 0.5)) }
      : { fixed_s: draw.scale(1e-4, 0.1), mac_s: draw.scale(1e-6, 1e-4), layer_s: 1e-3, op_s: draw.scale(1e-6, 1e-3) }),
    ...maybe(barrier(0.15), () => ({ can_compute: false })),
    ...maybe(barrier(0.25), () => ({ forward: false })),
    ...maybe(0.2, () => ({ required: true })),
    ...maybe(barrier(0.3), () => ({ ram_free: draw.of(500, 1500, 3000, 10_000) })),
    ...maybe(barrier(0.2), () => ({ flash_free: draw.of(999, 1000, 5000) })),
    ...maybe(0.3, () => ({
      load: draw.of(0.1, 0.5, 0.9),
      ...maybe(0.5, () => ({ bg_task_s: draw.scale(1e-3, 0.1) })),
    })),
    ...maybe(codecs ? 0.7 : 0, () => ({ compress_Bps: draw.scale(study ? 1e4 : 300, 1e6) })),
    ...maybe(codecs ? 0.7 : 0, () => ({ decompress_Bps: draw.scale(study ? 1e4 : 300, 1e6) })),
    ...maybe(0.4, () => ({ idle_w: draw.scale(0.01, 10) })),
    ...maybe(0.4, () => ({ active_w: draw.scale(0.01, 100) })),
    ...maybe(0.2, () => ({ energy_inf_j: draw.scale(1e-3, 1) })),
    ...maybe(0.4, () => ({ money_per_h: draw.scale(0.01, 1) })),
    // Only on earlier ones, so that there is no circle.
    ...maybe(i > 0 ? 0.2 : 0, () => ({ depends_on: [ids[draw.below(i)] ?? ''] })),
  }));

  const media = draw.chance(0.4)
    ? [{ id: 'air', ...maybe(0.5, () => ({ load: draw.of(0.2, 0.6), bg_msg_s: draw.scale(1e-3, 0.1) })) }]
    : [];
  // Half of the trees are chains, so that routes get long.
  const chain = study || draw.chance(0.5);
  const links = ids.slice(1).map((id, i) => {
    const parent = ids[chain ? i : draw.below(i + 1)] ?? '';
    const [a, b] = draw.chance(0.5) ? [parent, id] : [id, parent];
    return {
      id: `l${(i * 7) % 10}`,
      a,
      b,
      bandwidth_Bps: study ? draw.of(1000, 2000, 1e4) : draw.scale(300, 1e5),
      ...maybe(0.4, () => ({ latency_s: draw.scale(1e-3, 0.1) })),
      ...maybe(0.4, () => ({ overhead_B: draw.of(6, 40) })),
      ...maybe(0.3, () => ({ shared: false })),
      ...maybe(0.3, () => ({
        load: draw.of(0.1, 0.5, 0.93),
        ...maybe(0.6, () => ({ bg_msg_s: draw.scale(1e-3, 0.1) })),
      })),
      ...maybe(media.length > 0 ? 0.6 : 0, () => ({ medium: 'air' })),
      ...maybe(0.4, () => ({ energy_J_per_B: draw.scale(1e-6, 1e-3) })),
      ...maybe(0.4, () => ({ money_per_B: draw.scale(1e-9, 1e-6) })),
      ...maybe(0.3, () => ({ money_per_h: draw.scale(0.01, 1) })),
      ...maybe(0.1, () => ({ required: true })),
    };
  });

  const any = (): string => ids[draw.below(count)] ?? '';
  const sensors = Array.from({ length: 1 + draw.below(study && count > 4 ? 2 : 3) }, (_, i) => ({
    id: `s${3 - i}`,
    node: study ? (ids[draw.below(Math.min(2, count))] ?? '') : any(),
    rate_hz: draw.of(1, 10, 100),
    bytes_per_sample: draw.of(1, 2, 6, 12),
    ...maybe(0.8, () => ({ ratio: study ? draw.of(0.1, 0.3, 0.5) : draw.of(0.1, 0.3, 0.5, 0.9, 1, 1.2) })),
  }));
  const consumers = Array.from({ length: 1 + draw.below(2) }, (_, i) => ({
    id: `u${i}`,
    node: study ? (ids.at(-1) ?? '') : any(),
    ...maybe(barrier(0.5), () => ({ deadline_s: draw.scale(0.01, 2 * period) })),
  }));

  return {
    options: {
      queue: 'none',
      w: draw.of(0, 0.3, 0.5, 0.9, 1),
      t_ref_s: draw.of(1, 0.1),
      c_ref_per_h: draw.of(1, 0.05),
      ...maybe(0.3, () => ({ deadline_on: 'mean' as const })),
      ...maybe(0.3, () => ({ rho_max: draw.of(0.5, 0.8, 1, 2) })),
      ...maybe(0.7, () => ({ price_per_kwh: draw.of(0.3, 30) })),
      ...maybe(0.1, () => ({ compression: false })),
      ...maybe(0.3, () => ({ count_input_buffers: false })),
      ...maybe(0.3, () => ({ latency: 'mean' as const })),
    },
    job: {
      period_s: period,
      ...maybe(0.8, () => ({ result_bytes: draw.of(4, 10, 100) })),
      ...maybe(0.5, () => ({ ram_bytes: draw.of(400, 2000) })),
      ...maybe(0.5, () => ({ flash_bytes: draw.of(1000, 4000) })),
      macs: draw.of(0, 160, 1000),
      layers: draw.of(0, 2),
      pre_ops: draw.of(0, 50),
    },
    nodes,
    links,
    media,
    sensors,
    consumers,
  };
}

function shuffled<T>(draw: Draw, values: T[]): T[] {
  return values
    .map((value) => ({ value, key: draw.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
