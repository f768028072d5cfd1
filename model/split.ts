// Which rows train, which decide when to stop, and which are held back to judge. Nothing that belongs together may stand on both sides.

import type { Random } from './random';
import type { Factor } from './table';

export interface Split {
  readonly by: 'group' | 'time' | 'stratified' | 'random';
  /** The column that groups the rows. */
  readonly column?: string;
  /** In words: how, and why so. */
  readonly reason: string;
  /** Row numbers of the table, rising. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

export interface SplitRequest {
  /** The rows that can be used, rising. */
  readonly rows: Int32Array;
  /** Of each table row its class index; absent when values are to be learnt. */
  readonly classOf?: Int32Array | undefined;
  readonly group?: Factor | undefined;
  readonly timeSeries?: boolean | undefined;
}

const testShare = 0.2;
const validationShare = 0.15;
const blocksPerSeries = 20;
const leastBlockRows = 5;
const deals = 50;

type Part = 'train' | 'validation' | 'test';
type Parts = Record<Part, number[]>;

/** By group where every class has two or more; else in blocks of time when rows follow each other in time; else row by row. */
export function splitRows(request: SplitRequest, random: Random): Split {
  return byGroup(request) ?? byTime(request, random) ?? byRow(request, random);
}

function byGroup(request: SplitRequest): Split | undefined {
  const { group } = request;
  if (group === undefined) return undefined;
  const series = seriesOf(request);
  const classesOfEach = series.map((rows) => classesIn(request, rows));
  const pure = classesOfEach.every((c) => c.size === 1);
  const pools = new Map<number, number[][]>();
  series.forEach((rows, g) => {
    const key = pure ? ([...(classesOfEach[g] ?? [])][0] ?? 0) : 0;
    pools.set(key, [...(pools.get(key) ?? []), rows]);
  });
  if ([...pools.values()].some((pool) => pool.length < 2)) return undefined;

  const parts: Parts = { train: [], validation: [], test: [] };
  for (const pool of pools.values()) {
    const tests = share(pool.length, testShare);
    const rest = pool.slice(0, pool.length - tests);
    parts.test.push(...pool.slice(pool.length - tests).flat());
    const validations = rest.length < 2 ? 0 : Math.min(share(pool.length, validationShare), rest.length - 1);
    const training = rest.slice(0, rest.length - validations).flat();
    // with one group left to train on, its last rows validate
    const tail = validations === 0 ? share(training.length, validationShare) : 0;
    parts.train.push(...training.slice(0, training.length - tail));
    parts.validation.push(...training.slice(training.length - tail), ...rest.slice(rest.length - validations).flat());
  }
  if (!everyClassTrains(request, parts)) return undefined;
  const which = pure && request.classOf ? 'of each class the last ones' : 'the last ones';
  const reason = `Whole groups (${group.name}) are kept together so that nothing leaks; ${which} are held back.`;
  return made('group', reason, parts, group.name);
}

function byTime(request: SplitRequest, random: Random): Split | undefined {
  const series = seriesOf(request);
  if (request.timeSeries !== true || series.every((rows) => blockCount(rows) < 3)) return undefined;
  let found: Parts | undefined;
  for (let deal = 0; deal < deals; deal++) {
    const parts = dealtBlocks(series, random);
    if (!everyClassTrains(request, parts)) continue;
    found ??= parts;
    const all = classesIn(request, parts.train).size;
    if (classesIn(request, parts.test).size === all && classesIn(request, parts.validation).size === all) {
      found = parts;
      break;
    }
  }
  if (found === undefined) return undefined;
  const why = request.group
    ? `there are not two groups (${request.group.name}) for every class`
    : 'rows follow each other in time';
  return made(
    'time',
    `Whole stretches of time are held back, as neighbouring rows resemble each other; ${why}.`,
    found,
  );
}

function byRow(request: SplitRequest, random: Random): Split {
  const parts: Parts = { train: [], validation: [], test: [] };
  const pools = new Map<number, number[]>();
  for (const row of request.rows) {
    const key = request.classOf?.[row] ?? 0;
    const pool = pools.get(key);
    if (pool) pool.push(row);
    else pools.set(key, [row]);
  }
  for (const [, pool] of [...pools].sort(([a], [b]) => a - b)) {
    const order = random.shuffle(Int32Array.from(pool));
    const tests = Math.round(order.length * testShare);
    const validations = Math.round(order.length * validationShare);
    parts.test.push(...order.subarray(0, tests));
    parts.validation.push(...order.subarray(tests, tests + validations));
    parts.train.push(...order.subarray(tests + validations));
  }
  return request.classOf
    ? made(
        'stratified',
        'Rows are drawn at random, the same share of each class; nothing says that they belong together.',
        parts,
      )
    : made('random', 'Rows are drawn at random; nothing says that they belong together.', parts);
}

/** The usable rows of each group, groups by first appearance; one series when there are no groups. */
function seriesOf({ rows, group }: SplitRequest): number[][] {
  const series = new Map<string, number[]>();
  for (const row of rows) {
    const name = group?.values[row] ?? '';
    const known = series.get(name);
    if (known) known.push(row);
    else series.set(name, [row]);
  }
  return [...series.values()];
}

const blockCount = (rows: readonly number[]): number =>
  Math.min(blocksPerSeries, Math.floor(rows.length / leastBlockRows));

function dealtBlocks(series: readonly (readonly number[])[], random: Random): Parts {
  const parts: Parts = { train: [], validation: [], test: [] };
  for (const rows of series) {
    const blocks = blockCount(rows);
    if (blocks < 3) {
      parts.train.push(...rows);
      continue;
    }
    const tests = share(blocks, testShare);
    const validations = share(blocks, validationShare);
    const order = random.shuffle(Int32Array.from({ length: blocks }, (_, b) => b));
    order.forEach((block, place) => {
      const part: Part = place < tests ? 'test' : place < tests + validations ? 'validation' : 'train';
      const start = Math.floor((block * rows.length) / blocks);
      const end = Math.floor(((block + 1) * rows.length) / blocks);
      for (let i = start; i < end; i++) parts[part].push(rows[i] as number);
    });
  }
  return parts;
}

const share = (count: number, of: number): number => Math.max(1, Math.round(count * of));

function classesIn({ classOf }: SplitRequest, rows: Iterable<number>): Set<number> {
  const classes = new Set<number>();
  for (const row of rows) classes.add(classOf?.[row] ?? 0);
  return classes;
}

const everyClassTrains = (request: SplitRequest, parts: Parts): boolean =>
  classesIn(request, parts.train).size === classesIn(request, request.rows).size;

function made(by: Split['by'], reason: string, parts: Parts, column?: string): Split {
  const rising = (rows: number[]): Int32Array => Int32Array.from(rows).sort();
  const train = rising(parts.train);
  return {
    by,
    ...(column !== undefined && { column }),
    reason,
    train,
    validation: rising(parts.validation),
    test: rising(parts.test),
  };
}
