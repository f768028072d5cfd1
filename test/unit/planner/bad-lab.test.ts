// Bad lab files: refused with the JSON path, line and column, and a sentence that says what was expected.
import { describe, expect, it } from 'vitest';
import { parseLab } from '../../../main/planner/lab';
import { plan } from '../../../main/planner/plan';
import { InputFault } from '../../../model/fault';

const GOOD = `{
  "options": { "queue": "none" },
  "job": { "period_s": 1, "result_bytes": 4 },
  "nodes": [
    { "id": "board", "infer_s": 0.05 },
    { "id": "hub", "can_compute": false },
    { "id": "host", "infer_s": 0.001, "depends_on": ["hub"] }
  ],
  "links": [
    { "id": "L1", "a": "board", "b": "hub", "bandwidth_Bps": 1000 },
    { "id": "L2", "a": "hub", "b": "host", "bandwidth_Bps": 1000, "medium": "air" }
  ],
  "media": [{ "id": "air" }],
  "sensors": [{ "id": "s", "node": "board", "rate_hz": 100, "bytes_per_sample": 6 }],
  "consumers": [{ "id": "ui", "node": "host" }]
}`;

function faultOf(action: () => unknown): InputFault {
  try {
    action();
  } catch (error) {
    if (error instanceof InputFault) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const refusal = (text: string): InputFault => faultOf(() => plan(parseLab(text, 'lab.json')));

function edited(from: string, to: string): string {
  if (!GOOD.includes(from)) throw new Error(`the good lab has no ${from}`);
  return GOOD.replace(from, to);
}

describe('a lab file that is not JSON', () => {
  it.each([
    ['', 1, 1, 'empty'],
    ['  \n ', 2, 2, 'empty'],
    [GOOD.slice(0, 70), 3, 35, 'ends too early'],
    [GOOD.slice(0, -2), 15, 48, "expected ',' or '}'"],
    ['{"a": NaN}', 1, 7, 'found "NaN"'],
    ['{"a": -Infinity}', 1, 7, 'found "-Infinity"'],
    ['{"a": 01}', 1, 7, 'found "01"'],
    ['{"a": 1,}', 1, 9, 'field name'],
    ['{"a": "x\ny"}', 1, 9, 'closing quote'],
    ['{"a": "\\x"}', 1, 8, 'escape'],
    ['{"a" 1}', 1, 6, "':'"],
    ['[1 2]', 1, 4, "',' or ']'"],
    ['{}\n{}', 2, 1, 'end of the file'],
    ["{'a': 1}", 1, 2, 'found "\'"'],
    ['\u0000'.repeat(10), 1, 1, 'expected a number'],
  ])('says where: %j', (text, line, column, words) => {
    const fault = refusal(text);
    expect(fault.code).toBe('badJson');
    expect(fault.place).toMatchObject({ file: 'lab.json', line, column });
    expect(fault.message).toContain(words);
  });

  it('refuses ten megabytes of nonsense and a hundred thousand nested lists', () => {
    expect(refusal('x'.repeat(1e7)).code).toBe('badJson');
    expect(refusal('['.repeat(1e5)).message).toContain('nesting');
    expect(refusal(`{"nodes": "${'x'.repeat(1e7)}"}`).message.length).toBeLessThan(300);
  });

  it('agrees with JSON.parse at every place where a good file is cut short', () => {
    for (let length = 0; length < GOOD.length; length++) {
      const before = GOOD.slice(0, length).split('\n');
      expect(refusal(GOOD.slice(0, length)).place, `${length}`).toMatchObject({
        line: before.length,
        column: (before.at(-1) ?? '').length + 1,
      });
    }
  });
});

describe('a lab file that is not a lab', () => {
  it.each([
    // what, from, to, path, words
    ['unknown field', '"infer_s": 0.001', '"infer_s": 0.001, "infer_ms": 1', 'nodes[2].infer_ms', 'not a field'],
    ['unknown section', '"media"', '"notes": {}, "media"', 'notes', 'not a field'],
    ['__proto__', '"infer_s": 0.001', '"infer_s": 0.001, "__proto__": 1', 'nodes[2].__proto__', 'not a field'],
    ['layout field', '"media"', '"ports": [], "media"', 'ports', 'layout'],
    [
      'layout node field',
      '"infer_s": 0.05',
      '"infer_s": 0.05, "power_budget_mA": 500',
      'nodes[0].power_budget_mA',
      'layout',
    ],
    ['missing field', '"period_s": 1, ', '', 'job.period_s', 'is missing; expected a finite number (s)'],
    ['missing section', '"consumers": [{ "id": "ui", "node": "host" }]', '"media": []', 'consumers', 'is missing'],
    ['negative', '"infer_s": 0.001', '"infer_s": -0.001', 'nodes[2].infer_s', 'at least 0 (s), found -0.001'],
    ['too large to hold', '"infer_s": 0.001', '"infer_s": 1e999', 'nodes[2].infer_s', 'too large to hold'],
    ['NaN as text', '"infer_s": 0.001', '"infer_s": "NaN"', 'nodes[2].infer_s', 'found "NaN"'],
    ['null', '"rate_hz": 100', '"rate_hz": null', 'sensors[0].rate_hz', 'a finite number (Hz), found null'],
    ['wrong type', '"can_compute": false', '"can_compute": 0', 'nodes[1].can_compute', 'true or false, found 0'],
    ['not a list', '"media": [{ "id": "air" }]', '"media": {}', 'media', 'expected a list'],
    ['empty list', '"nodes": [', '"nodes": [], "x": [', 'nodes', 'at least one'],
    ['empty id', '"id": "board"', '"id": ""', 'nodes[0].id', 'empty'],
    [
      'zero bandwidth',
      '"b": "hub", "bandwidth_Bps": 1000',
      '"b": "hub", "bandwidth_Bps": 0',
      'links[0].bandwidth_Bps',
      'above 0 (B/s)',
    ],
    ['zero period', '"period_s": 1', '"period_s": 0', 'job.period_s', 'above 0'],
    ['load of 1', '"infer_s": 0.05', '"infer_s": 0.05, "load": 1', 'nodes[0].load', 'below 1'],
    ['weight above 1', '"queue": "none"', '"queue": "none", "w": 1.5', 'options.w', 'at most 1'],
    [
      'unknown word',
      '"queue": "none"',
      '"queue": "fifo"',
      'options.queue',
      'expected "none" or "node" or "md1", found "fifo"',
    ],
    ['no time', '{ "id": "board", "infer_s": 0.05 }', '{ "id": "board" }', 'nodes[0].infer_s', 'needs the time'],
    ['duplicate node', '"id": "hub"', '"id": "board"', 'nodes[1].id', 'nodes[0] is called "board" too'],
    ['duplicate link', '"id": "L2"', '"id": "L1"', 'links[1].id', 'unique'],
    ['link to nowhere', '"b": "hub"', '"b": "hob"', 'links[0].b', 'no node "hob"'],
    ['link to itself', '"b": "hub"', '"b": "board"', 'links[0].b', 'two different nodes'],
    ['unknown medium', '"medium": "air"', '"medium": "ether"', 'links[1].medium', 'no medium "ether"'],
    ['sensor on nothing', '"node": "board"', '"node": "bored"', 'sensors[0].node', 'no node "bored"'],
    ['consumer on nothing', '"node": "host"', '"node": "ghost"', 'consumers[0].node', 'no node "ghost"'],
    ['unknown dependency', '["hub"]', '["hub", "hob"]', 'nodes[2].depends_on[1]', 'no node "hob"'],
    ['dependency on itself', '["hub"]', '["host"]', 'nodes[2].depends_on[0]', 'circle'],
    [
      'dependency circle',
      '"can_compute": false',
      '"can_compute": false, "depends_on": ["host"]',
      'nodes[2].depends_on[0]',
      'circle',
    ],
  ])('says where and what was expected: %s', (_what, from, to, path, words) => {
    const fault = refusal(edited(from, to));
    expect(fault.code).toBe('badLab');
    expect(fault.place.path).toBe(path);
    expect(fault.place.file).toBe('lab.json');
    expect(fault.message).toContain(words);
    expect(fault.message.startsWith(path)).toBe(true);
  });

  it('gives line and column of the value, and of what is around it where a field is missing', () => {
    expect(refusal(edited('"infer_s": 0.001', '"infer_s": -1')).place).toMatchObject({ line: 7, column: 32 });
    expect(refusal(edited('"period_s": 1, ', '')).place).toMatchObject({ line: 3, column: 10 });
  });

  it('refuses a lab in two pieces', () => {
    const fault = refusal(
      edited(
        '{ "id": "board", "infer_s": 0.05 },',
        '{ "id": "board", "infer_s": 0.05 }, { "id": "attic", "infer_s": 1 },',
      ),
    );
    expect(fault.place.path).toBe('nodes[1]');
    expect(fault.message).toContain('"attic"');
  });

  it('refuses everything that is not an object', () => {
    for (const text of ['1', 'null', '"lab"', '[]', 'true']) expect(refusal(text).code).toBe('badLab');
  });
});

describe('what is not supported yet', () => {
  it('is refused by name: waiting in queues, also when the file says nothing about it', () => {
    for (const queue of ['"queue": "md1"', '"queue": "node"', '']) {
      const fault = refusal(edited('"queue": "none"', queue));
      expect(fault.code).toBe('unsupported');
      expect(fault.place.path).toBe('options.queue');
      expect(fault.message).toContain('set options.queue to "none"');
    }
  });

  it('is refused by name: several routes between nodes that matter', () => {
    const round = ', "medium": "air" },\n { "id": "L3", "a": "board", "b": "host", "bandwidth_Bps": 10 }';
    const fault = refusal(edited(', "medium": "air" }', round));
    expect(fault.code).toBe('unsupported');
    expect(fault.place.path).toMatch(/^links\[[012]\]$/);
    expect(fault.message).toContain('several routes between "board" and "host"');
  });
});

it('takes the lab that all of these are made from', () => {
  expect(plan(parseLab(GOOD, 'lab.json'))).toMatchObject({ feasible: true, compute: 'board' });
});
