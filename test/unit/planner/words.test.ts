// What people read: numbers, the paragraph, and a sentence for each rejected node.
import { describe, expect, it } from 'vitest';
import { explain } from '../../../main/planner/explain';
import { count, list, moneyPerHour, quantity } from '../../../main/planner/format';
import { compareIds } from '../../../main/planner/ids';
import { type LabFile, labOf } from '../../../main/planner/lab';
import { plan } from '../../../main/planner/plan';

describe('numbers', () => {
  it.each([
    [0, 's', '0 s'],
    [0.0004, 's', '400 µs'],
    [0.0123456, 's', '12.35 ms'],
    [0.9999999, 's', '1 s'],
    [90, 's', '90 s'],
    [1.34e-10, 's', '0.134 ns'],
    [6061, 'B', '6.061 kB'],
    [0.25, 'B', '0.25 B'],
    [999.99, 'B', '1 kB'],
    [12163.265306, 'B/s', '12.16 kB/s'],
    [2.5e6, 'B/s', '2.5 MB/s'],
    [0.0243, 'W', '24.3 mW'],
    [-0.002, 's', '-2 ms'],
    [0.125, 'share', '12.5 %'],
    [2, 'share', '200 %'],
    [Infinity, 'B', 'unlimited B'],
  ])('%d %s reads %s', (value, unit, text) => expect(quantity(value, unit)).toBe(text));

  it('keeps money, counts and lists plain', () => {
    expect(moneyPerHour(2.4e-5)).toBe('0.000024 per hour');
    expect(count(43)).toBe('43');
    expect(count(4294967296)).toBe('about 10^10');
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

/** Board and host on one link; the hand-made numbers of the specification's first case. */
function small(change: (lab: LabFile) => void = () => undefined): LabFile {
  const lab: LabFile = {
    options: { queue: 'none' },
    job: { period_s: 1, result_bytes: 4 },
    nodes: [
      { id: 'board', infer_s: 0.05 },
      { id: 'host', infer_s: 0.001, required: true },
    ],
    links: [{ id: 'L1', a: 'board', b: 'host', bandwidth_Bps: 1000 }],
    sensors: [{ id: 's', node: 'board', rate_hz: 100, bytes_per_sample: 6 }],
    consumers: [{ id: 'ui', node: 'host' }],
  };
  change(lab);
  return lab;
}

function said(change: (lab: LabFile) => void): ReturnType<typeof explain> {
  const lab = labOf(small(change));
  return explain(lab, plan(lab), (id) => `the ${id}`);
}

describe('the paragraph', () => {
  it('says who, how fast, why, and what the next best would take', () => {
    const { paragraph, rejected } = said(() => undefined);
    expect(paragraph).toBe(
      'Judged by speed alone, the board is the best single compute point: a prediction is there 54 ms after its window is complete. ' +
        'Most of that is computing (50 ms). Next best is the host: it would take 601 ms, mostly for bringing the data to it (600 ms).',
    );
    expect(rejected).toEqual({});
  });

  it('says what is not needed, what it costs and where data are compressed', () => {
    const { paragraph } = said((lab) => {
      lab.options = { queue: 'none', w: 0.5, price_per_kwh: 0.3 };
      lab.nodes = [
        { id: 'board', infer_s: 0.8, compress_Bps: 1e6, active_w: 10 },
        { id: 'host', infer_s: 0.001, decompress_Bps: 1e6 },
        { id: 'spare', infer_s: 10, idle_w: 5 },
      ];
      lab.links?.push({ id: 'L2', a: 'host', b: 'spare', bandwidth_Bps: 1e5 });
      lab.sensors = [{ id: 's', node: 'board', rate_hz: 100, bytes_per_sample: 6, ratio: 0.4 }];
    });
    expect(paragraph).toContain('With 50 % of the weight on speed and the rest on cost, the host is the best');
    // 10 W for 0.6 ms of compressing each second at 0.3 a kWh.
    expect(paragraph).toContain('Running it costs 0.0000018 per hour.');
    expect(paragraph).toContain('Data travel compressed on L1.');
    expect(paragraph).toContain('Not needed by this plan: the spare and link L2.');
  });

  it('says so when two would do equally well, and takes the name that sorts first', () => {
    const change = (lab: LabFile): void => {
      lab.nodes = ['b', 'a'].map((id) => ({ id, infer_s: 0.1 }));
      lab.links = [{ id: 'L1', a: 'a', b: 'b', bandwidth_Bps: 1000 }];
      lab.job = { period_s: 1, result_bytes: 600 };
      lab.sensors = [{ id: 's', node: 'a', rate_hz: 100, bytes_per_sample: 6 }];
      lab.consumers = [{ id: 'ui', node: 'b' }];
    };
    expect(plan(labOf(small(change)))).toMatchObject({ compute: 'a' });
    expect(said(change).paragraph).toContain('the b would do equally well');
  });

  it('says that nothing can do it, and why, node by node', () => {
    const { paragraph, rejected } = said((lab) => {
      lab.consumers = [{ id: 'ui', node: 'host', deadline_s: 0.05 }];
    });
    expect(rejected.board).toBe('the board would be 4 ms late in the worst case (deadline of ui 50 ms).');
    expect(rejected.host).toBe('the host would be 551 ms late in the worst case (deadline of ui 50 ms).');
    expect(paragraph).toBe('No node of this lab can be the compute point: each has something against it.');
  });

  it('says when a stated load does not count because the link is on a medium', () => {
    const { paragraph } = said((lab) => {
      lab.media = [{ id: 'air', load: 0.1 }];
      lab.links = [{ id: 'L1', a: 'board', b: 'host', bandwidth_Bps: 1000, medium: 'air', load: 0.5 }];
    });
    expect(paragraph).toContain('load and bg_msg_s of "L1" do not count');
  });
});

describe('the reason against a node', () => {
  const board = (fields: object) => (lab: LabFile) => {
    lab.nodes = [
      { id: 'board', infer_s: 0.05, ...fields },
      { id: 'host', infer_s: 0.001 },
    ];
  };
  it.each<[string, (lab: LabFile) => void, string]>([
    ['no_compute', board({ can_compute: false }), 'the board does not compute (can_compute is false).'],
    [
      'ram',
      board({ ram_free: 599 }),
      'the board lacks 1 B of RAM: the model and its input buffers need 600 B, 599 B are free.',
    ],
    [
      'flash',
      (lab) => {
        board({ flash_free: 30_000 })(lab);
        lab.job = { period_s: 1, flash_bytes: 30_001 };
      },
      'the board lacks 1 B of flash: the model needs 30 kB, 30 kB are free.',
    ],
    [
      'cpu',
      board({ infer_s: 2, load: 0.25 }),
      'the board is too slow: a window comes every 1 s, computing one takes 2 s and other work takes 25 % of its time; that is 130 % of its time more than the 95 % allowed.',
    ],
  ])('%s is said with its amount', (reason, change, sentence) => {
    const lab = labOf(small(change));
    const result = plan(lab);
    expect(result.rejected.board).toBe(reason);
    expect(explain(lab, result, (id) => `the ${id}`).rejected.board).toBe(sentence);
  });

  it('unreachable and link_capacity are said too', () => {
    const { rejected } = said((lab) => {
      lab.nodes = ['board', 'host', 'far'].map((id) => ({ id, infer_s: 0.001, forward: false }));
      lab.links = [
        { id: 'L1', a: 'board', b: 'host', bandwidth_Bps: 500 },
        { id: 'L2', a: 'host', b: 'far', bandwidth_Bps: 1000 },
      ];
    });
    // 600 B/s on a 500 B/s link are 120 %.
    expect(rejected.host).toContain('the busiest would be used 25 % more than the 95 % allowed');
    expect(rejected.far).toBe('the far has no route from every sensor and to every consumer over nodes that forward.');
  });
});

it('sorts ids by code point, also where that is not the order of UTF-16 units', () => {
  const ids = ['b', '\u{1F600}', 'a', '\uFFFD', 'B', 'a1', ''];
  expect(ids.sort(compareIds)).toEqual(['', 'B', 'a', 'a1', 'b', '\uFFFD', '\u{1F600}']);
});
