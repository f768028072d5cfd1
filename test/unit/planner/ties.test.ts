// Between plans of equal J the specification fixes one: smallest id, fewer compressed crossings, then routes by link id.
import { expect, it } from 'vitest';
import { type LabFile, labOf } from '../../../main/planner/lab';
import { plan } from '../../../main/planner/plan';

/** Sensor at a, two links, all three nodes with codecs, c computes. Raw takes 2 s, compressed throughout 1 s and the codecs. */
function chain(options: LabFile['options'], codecS: number): LabFile {
  const codec = { compress_Bps: 1000 / (codecS / 2), decompress_Bps: 1000 / (codecS / 2) };
  return {
    options: { queue: 'none', ...options },
    job: { period_s: 10 },
    nodes: [
      { id: 'a', can_compute: false, ...codec },
      { id: 'b', can_compute: false, ...codec },
      { id: 'c', infer_s: 0, ...codec },
    ],
    links: [
      { id: 'l1', a: 'a', b: 'b', bandwidth_Bps: 1000, medium: 'air' },
      { id: 'l2', a: 'b', b: 'c', bandwidth_Bps: 1000, medium: 'air' },
    ],
    media: [{ id: 'air' }],
    sensors: [{ id: 's', node: 'a', rate_hz: 100, bytes_per_sample: 1, ratio: 0.5 }],
    consumers: [{ id: 'u', node: 'c' }],
  };
}

const route = (lab: LabFile): unknown => plan(labOf(lab)).feasible && (plan(labOf(lab)) as { routes: object }).routes;

it('a saving below a billionth of J is no reason to compress, one above it is', () => {
  expect(route(chain({}, 1 - 1e-9))).toMatchObject({
    's:s': [
      ['l1', 0],
      ['l2', 0],
    ],
  });
  expect(route(chain({}, 1 - 1e-8))).toMatchObject({
    's:s': [
      ['l1', 1],
      ['l2', 1],
    ],
  });
});

it('where the shared medium has room for one raw crossing only, the first link stays raw', () => {
  // Raw twice: 20 % of the time; once 15 %; compressed twice 10 %.
  expect(route(chain({ w: 0, rho_max: 0.16 }, 0.1))).toMatchObject({
    's:s': [
      ['l1', 0],
      ['l2', 1],
    ],
  });
  expect(route(chain({ w: 0, rho_max: 0.2 }, 0.1))).toMatchObject({
    's:s': [
      ['l1', 0],
      ['l2', 0],
    ],
  });
  expect(route(chain({ w: 0, rho_max: 0.1 }, 0.1))).toMatchObject({
    's:s': [
      ['l1', 1],
      ['l2', 1],
    ],
  });
});

it('of two sensors of which one must compress, the one that sorts later does', () => {
  const two = (ids: string[]): LabFile => ({
    ...chain({ w: 0, rho_max: 0.36 }, 0.1),
    sensors: ids.map((id) => ({ id, node: 'a', rate_hz: 100, bytes_per_sample: 1, ratio: 0.5 })),
  });
  for (const ids of [
    ['s9', 's10'],
    ['s10', 's9'],
  ]) {
    // Four raw crossings: 40 %; one compressed: 35 %.
    expect(route(two(ids))).toMatchObject({
      's:s10': [
        ['l1', 0],
        ['l2', 0],
      ],
      's:s9': [
        ['l1', 0],
        ['l2', 1],
      ],
    });
  }
});

it('nodes of equal J: the smallest id by code point, whatever the order of the file', () => {
  for (const ids of [
    ['\u{1F600}', '\uFFFD'],
    ['\uFFFD', '\u{1F600}'],
  ]) {
    const lab: LabFile = {
      options: { queue: 'none' },
      job: { period_s: 1, result_bytes: 100 },
      nodes: ids.map((id) => ({ id, infer_s: 0.1 })),
      links: [{ id: 'l', a: '\uFFFD', b: '\u{1F600}', bandwidth_Bps: 1000 }],
      sensors: [{ id: 's', node: '\u{1F600}', rate_hz: 100, bytes_per_sample: 1 }],
      consumers: [{ id: 'u', node: '\uFFFD' }],
    };
    expect(plan(labOf(lab))).toMatchObject({
      compute: '\uFFFD',
      candidates: [{ node: '\uFFFD' }, { node: '\u{1F600}' }],
    });
  }
});
