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
const mostDeals = 50;

/** By group where every class has two or more; else in blocks of time when rows follow each other in time; else row by row. */
export function splitRows(request: SplitRequest, random: Random): Split {
  return byGroup(request) ?? byTime(request, random) ?? byRow(request, random);
}

function byGroup(request: SplitRequest): Split | undefined {
  const { group, classOf } = request;
  if (group === undefined) return undefined;
  const series = [...gathered(request.rows, (row) => group.values[row] ?? '').values()];
  const oneClassEach = series.every((rows) => classesIn(request, rows).size === 1);
  const pools = gathered(series, (rows) => (oneClassEach ? (classOf?.[rows[0] ?? 0] ?? 0) : 0));
  if ([...pools.values()].some((pool) => pool.length < 2)) return undefined;

  const parts = new Parts(request.rows);
  for (const pool of pools.values()) {
    const tests = share(pool.length, testShare);
    const others = pool.length - tests;
    const validations = others < 2 ? 0 : Math.min(share(pool.length, validationShare), others - 1);
    pool.forEach((rows, g) => {
      if (g >= others) parts.put('test', rows);
      else if (g >= others - validations) parts.put('validation', rows);
      // with one group left to train on, its last rows validate
      else if (validations === 0)
        parts.put('validation', rows.slice(rows.length - share(rows.length, validationShare)));
    });
  }
  if (!everyClassTrains(request, parts)) return undefined;
  const which = oneClassEach && classOf ? 'of each class the last ones' : 'the last ones';
  const reason = `Whole groups (${group.name}) are kept together so that nothing leaks; ${which} are held back.`;
  return { by: 'group', column: group.name, reason, ...parts.split() };
}

function byTime(request: SplitRequest, random: Random): Split | undefined {
  const { group } = request;
  const series = [...gathered(request.rows, (row) => group?.values[row] ?? '').values()];
  if (request.timeSeries !== true || series.every((rows) => blockCount(rows) < 3)) return undefined;
  const all = classesIn(request, request.rows).size;
  let found: Parts | undefined;
  // Deal until every class is in every part; if that does not come about, the first deal in which every class trains.
  for (let deal = 0; deal < mostDeals; deal++) {
    const parts = dealtBlocks(request.rows, series, random);
    if (!everyClassTrains(request, parts)) continue;
    found ??= parts;
    if ((['validation', 'test'] as const).some((part) => classesIn(request, parts.rows(part)).size < all)) continue;
    found = parts;
    break;
  }
  if (found === undefined) return undefined;
  const why = group ? `there are not two groups (${group.name}) for every class` : 'rows follow each other in time';
  const reason = `Whole stretches of time are held back, as neighbouring rows resemble each other; ${why}.`;
  return { by: 'time', reason, ...found.split() };
}

function byRow(request: SplitRequest, random: Random): Split {
  const { classOf } = request;
  const parts = new Parts(request.rows);
  const pools = gathered(request.rows, (row) => classOf?.[row] ?? 0);
  for (const [, rows] of [...pools].sort(([a], [b]) => a - b)) {
    const order = random.shuffle(Int32Array.from(rows));
    const tests = Math.round(order.length * testShare);
    parts.put('test', order.subarray(0, tests));
    parts.put('validation', order.subarray(tests, tests + Math.round(order.length * validationShare)));
  }
  const how = classOf ? 'Rows are drawn at random, the same share of each class' : 'Rows are drawn at random';
  const reason = `${how}; nothing says that they belong together.`;
  return { by: classOf ? 'stratified' : 'random', reason, ...parts.split() };
}

/** Each series is cut into stretches; some of them, drawn at random, are held back. */
function dealtBlocks(rows: Int32Array, series: readonly (readonly number[])[], random: Random): Parts {
  const parts = new Parts(rows);
  for (const stretch of series) {
    const blocks = blockCount(stretch);
    if (blocks < 3) continue;
    const tests = share(blocks, testShare);
    const validations = share(blocks, validationShare);
    const edge = (block: number): number => Math.floor((block * stretch.length) / blocks);
    random.shuffle(Int32Array.from({ length: blocks }, (_, b) => b)).forEach((block, place) => {
      if (place >= tests + validations) return;
      parts.put(place < tests ? 'test' : 'validation', stretch.slice(edge(block), edge(block + 1)));
    });
  }
  return parts;
}

/** Where each row goes: it trains unless it is put elsewhere. */
class Parts {
  /** By row number of the table. */
  readonly #of: Uint8Array;

  constructor(private readonly all: Int32Array) {
    this.#of = new Uint8Array((all.at(-1) ?? -1) + 1);
  }

  put(part: 'validation' | 'test', rows: Iterable<number>): void {
    const code = partCodes[part];
    for (const row of rows) this.#of[row] = code;
  }

  rows(part: keyof typeof partCodes): Int32Array {
    const code = partCodes[part];
    return this.all.filter((row) => this.#of[row] === code);
  }

  split(): Pick<Split, 'train' | 'validation' | 'test'> {
    return { train: this.rows('train'), validation: this.rows('validation'), test: this.rows('test') };
  }
}

const partCodes = { train: 0, validation: 1, test: 2 } as const;

/** By key, in the order of first appearance. */
function gathered<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const blockCount = (rows: readonly number[]): number =>
  Math.min(blocksPerSeries, Math.floor(rows.length / leastBlockRows));

const share = (count: number, of: number): number => Math.max(1, Math.round(count * of));

function classesIn({ classOf }: SplitRequest, rows: Iterable<number>): Set<number> {
  const classes = new Set<number>();
  for (const row of rows) classes.add(classOf?.[row] ?? 0);
  return classes;
}

const everyClassTrains = (request: SplitRequest, parts: Parts): boolean =>
  classesIn(request, parts.rows('train')).size === classesIn(request, request.rows).size;
