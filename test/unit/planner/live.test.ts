// The lab that is plugged in: laptop and boards in a star, every number with its source, readings sent whatever is decided.
import { describe, expect, it } from 'vitest';
import { parseLab } from '../../../main/planner/lab';
import { labFromMeasurements, type LiveSetup, type Measure, oneWayLatencyS } from '../../../main/planner/live';
import { planLive } from '../../../main/planner/live-plan';
import { plan } from '../../../main/planner/plan';

const measured = (value: number, spread = 0): Measure => ({ value, spread, count: 20, source: 'measured' });

const SETUP: LiveSetup = {
  laptop: { id: 'laptop', inferS: measured(0.002) },
  boards: [{ id: 'uno', inferS: measured(0.0005), goodputBps: measured(10_000), latencyS: measured(0.001) }],
  sensing: 'uno',
  readingsPerSecond: measured(100),
  readingB: measured(20),
  resultB: measured(5),
  modelB: measured(400),
};

const titleOf = (id: string): string => (id === 'laptop' ? 'this laptop' : `the ${id}`);

const withBoard = (fields: Partial<LiveSetup['boards'][number]>): LiveSetup => ({
  ...SETUP,
  boards: SETUP.boards.map((board) => ({ ...board, ...fields })),
});

describe('a live plan', () => {
  it('counts a result from the board with the whole frame it travels in, and one of the laptop after the bare frame', () => {
    const { result, cards, numbers } = planLive(SETUP, titleOf);
    expect(numbers[0]?.name).toBe('one inference on this laptop');
    // Board: 0.5 ms + 25 B at 10 kB/s + 1 ms. Laptop: 20 B at 10 kB/s + 1 ms + 2 ms.
    expect(result.candidates.map(({ node }) => node)).toEqual(['uno', 'laptop']);
    expect(result.candidates[0]?.latency_s).toBeCloseTo(0.0005 + 0.0025 + 0.001, 12);
    expect(result.candidates[1]?.latency_s).toBeCloseTo(0.002 + 0.001 + 0.002, 12);
    expect(cards.map(({ title }) => title)).toEqual(['the uno', 'this laptop']);
    expect(cards[1]?.parts.map(({ part }) => part)).toEqual([
      'buffer',
      'preprocess',
      'encode',
      'linkWait',
      'link',
      'decode',
      'infer',
      'return',
    ]);
    expect(cards[1]?.parts.find(({ part }) => part === 'link')?.seconds).toBeCloseTo(0.003, 12);
    expect(cards[0]?.parts.find(({ part }) => part === 'return')?.seconds).toBeCloseTo(0.0035, 12);
  });

  it('takes the laptop where it computes faster than the result takes to travel and the board to compute', () => {
    expect(planLive({ ...SETUP, laptop: { ...SETUP.laptop, inferS: measured(1e-6) } }).result).toMatchObject({
      compute: 'laptop',
      redundant_nodes: [],
    });
  });

  it('says that readings are sent in either case', () => {
    expect(planLive(SETUP).explanation).toContain('The board sends every reading in either case');
  });

  it('rejects a board without room, one that cannot run the model and one that does not measure, each with a sentence', () => {
    const noRoom = planLive(withBoard({ modelCapacityB: measured(300) }), titleOf);
    expect(noRoom.cards.at(-1)).toMatchObject({ node: 'uno', latencyS: null });
    expect(noRoom.cards.at(-1)?.rejected).toBe('the uno lacks 100 B of RAM: the model needs 400 B, 300 B are free.');
    const unable = planLive(withBoard({ inferS: undefined }), titleOf);
    expect(unable.result.rejected).toEqual({ uno: 'no_compute' });
    expect(unable.cards.at(-1)?.rejected).toBe('the uno cannot run this model.');
    const other = { ...SETUP.boards[0], id: 'nano' } as LiveSetup['boards'][number];
    const two = planLive({ ...SETUP, boards: [...SETUP.boards, other] });
    expect(two.result.rejected).toEqual({ nano: 'no_compute' });
    expect(two.cards.at(-1)?.rejected).toBe('nano does not take the readings of another board yet.');
    expect(two.result).toMatchObject({ redundant_nodes: ['nano'], redundant_links: ['serial nano'] });
    expect(two.explanation).toContain('Other boards do not take readings of this one yet');
  });

  it('measures J against the plan that runs now', () => {
    const { result } = planLive(SETUP, titleOf, 'laptop');
    expect(result.candidates.find(({ node }) => node === 'laptop')?.J).toBeCloseTo(1, 12);
    expect(result.candidates[0]?.J).toBeCloseTo(0.004 / 0.005, 12);
    expect(planLive(SETUP, titleOf, 'gone').result.candidates[0]?.J).toBeCloseTo(0.004, 12);
  });

  it('counts power where it is known', () => {
    const { result } = planLive({
      ...SETUP,
      laptop: { ...SETUP.laptop, activeW: measured(15), idleW: measured(5) },
      pricePerKwh: { value: 0.3, spread: 0, count: 1, source: 'entered' },
    });
    // Laptop: 5 W idle and 15 W for 2 ms, a hundred times a second; with the board computing, 5 W only.
    expect(result.candidates.map(({ cost_per_h }) => cost_per_h)).toEqual([
      expect.closeTo((0.3 * 5) / 1000, 12),
      expect.closeTo((0.3 * 8) / 1000, 12),
    ]);
  });
});

describe('certainty', () => {
  it('is firm where no corner of the spreads changes the answer, and not where one does', () => {
    // 4 ms against 5 ms.
    expect(planLive(withBoard({ inferS: measured(0.0005, 0.0009) })).firm).toBe(true);
    expect(planLive(withBoard({ inferS: measured(0.0005, 0.0011) })).firm).toBe(false);
    const both = {
      ...withBoard({ inferS: measured(0.0005, 0.0006) }),
      laptop: { ...SETUP.laptop, inferS: measured(0.002, 0.0006) },
    };
    expect(planLive(both).firm).toBe(false);
    expect(planLive(both).explanation).toContain('the answer could be another');
  });

  it('knows that a slower link favours the side that sends less over it', () => {
    // Board wins by 1.5 ms − 5 B / goodput: at 3,000 B/s that is less than nothing.
    expect(planLive(withBoard({ goodputBps: measured(10_000, 6000) })).firm).toBe(true);
    expect(planLive(withBoard({ goodputBps: measured(10_000, 7000) })).firm).toBe(false);
  });
});

describe('the numbers of a live lab', () => {
  it('each have a source, spread and count, and stand at their path in the lab', () => {
    const { numbers, lab } = labFromMeasurements(
      withBoard({ load: { value: 0.2, spread: 0.01, count: 1, source: 'guessed' }, modelCapacityB: measured(600) }),
    );
    for (const { path, value } of numbers) {
      const found = path.split(/[.[\]]+/).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], lab);
      expect(found, path).toBe(value);
    }
    expect(numbers.find(({ path }) => path === 'nodes[1].load')).toMatchObject({
      source: 'guessed',
      unit: 'share',
      count: 1,
    });
    expect(new Set(numbers.map(({ path }) => path)).size).toBe(numbers.length);
  });

  it('that are made of others are as good as the worst of these', () => {
    const { numbers } = labFromMeasurements({
      ...SETUP,
      readingsPerSecond: measured(100, 1),
      resultB: { value: 5, spread: 1, count: 3, source: 'calibrated' },
    });
    const period = numbers.find(({ path }) => path === 'job.period_s');
    expect(period?.value).toBe(0.01);
    expect(period?.spread).toBeCloseTo(0.0001, 5);
    expect(numbers.find(({ path }) => path === 'job.result_bytes')).toMatchObject({
      value: 25,
      spread: 1,
      count: 3,
      source: 'calibrated',
    });
  });

  it('make a file that the command line plans to the same answer', () => {
    const { file, result } = planLive(SETUP, titleOf, 'laptop');
    expect(plan(parseLab(JSON.stringify(file)))).toEqual(result);
  });

  it('take the time of the bytes out of half the round trip', () => {
    expect(oneWayLatencyS(0.01, 20, 10_000)).toBeCloseTo(0.003, 12);
    expect(oneWayLatencyS(0.001, 20, 10_000)).toBe(0);
  });
});
