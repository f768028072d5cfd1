import { describe, expect, it } from 'vitest';
import type {
  DeploymentView,
  EngineState,
  PlanCandidate,
  PlanView,
  RecordingView,
  TrainingView,
} from '../../../main/contract';
import { classScores, currentClass } from '../../../renderer/lib/classes';
import { dotGrid } from '../../../renderer/lib/dots';
import { parameterCount, parseLayers } from '../../../renderer/lib/layers';
import { axisEndS, ordered, segments } from '../../../renderer/lib/plan-bars';
import { sortPorts } from '../../../renderer/lib/ports';
import { balance, commonChannels, namesInOrder, recordingsOf } from '../../../renderer/lib/recordings';
import { viewOf, viewOfKey } from '../../../renderer/lib/views';
import { scrollTo, visibleRows } from '../../../renderer/lib/virtual';
import { worksOf } from '../../../renderer/lib/works';

const recording = (id: number, label: string, more: Partial<RecordingView> = {}): RecordingView => ({
  id,
  label,
  device: 'Uno',
  simulated: false,
  state: 'complete',
  rows: 2000,
  seconds: 10,
  rateHz: 200,
  channels: [
    { name: 'x', unit: 'g' },
    { name: 'y', unit: 'g' },
  ],
  gaps: 0,
  startedMs: 0,
  ...more,
});

describe('The recordings', () => {
  const all = [
    recording(1, 'normal'),
    recording(2, 'worn', { seconds: 30, rows: 6000 }),
    recording(3, 'normal', { seconds: 20, rows: 4000 }),
    recording(4, 'gone', { state: 'deleted' }),
  ];

  it('are balanced by recorded time, without what was deleted, labels in the order they appeared', () => {
    expect(balance(all)).toEqual([
      { label: 'normal', recordings: 2, rows: 6000, seconds: 30, share: 0.5 },
      { label: 'worn', recordings: 1, rows: 6000, seconds: 30, share: 0.5 },
    ]);
    expect(balance([])).toEqual([]);
  });

  it('are named to the engine only when a label is left out', () => {
    expect(recordingsOf(all, new Set())).toEqual([]);
    expect(recordingsOf(all, new Set(['worn']))).toEqual([1, 3]);
  });

  it('give each name its place for its colour, whatever is deleted and however a model orders its classes', () => {
    expect(namesInOrder(all, [['gone', 'normal', 'worn'], ['new']])).toEqual(['normal', 'worn', 'gone', 'new']);
  });

  it('can be trained on the channels all of them have', () => {
    expect(commonChannels([...all, recording(5, 'worn', { channels: [{ name: 'y', unit: 'g' }] })])).toEqual(['y']);
    expect(commonChannels([])).toEqual([]);
  });
});

describe('A network as it is typed', () => {
  it('is read with commas, semicolons or spaces', () => {
    expect(parseLayers('16')).toEqual([16]);
    expect(parseLayers(' 16, 8 ;4')).toEqual([16, 8, 4]);
    expect(parseLayers('')).toEqual([]);
  });

  it('is refused when a layer is no whole number from 1 to 512 or there are more than four', () => {
    for (const text of ['0', '513', '1.5', 'x', '16, -8', '1 2 3 4 5']) expect(parseLayers(text), text).toBeNull();
  });

  it('has a weight for each connection and a bias for each neuron', () => {
    expect(parameterCount(6, [16], 4)).toBe(6 * 16 + 16 + 16 * 4 + 4);
    expect(parameterCount(5, [], 2)).toBe(12);
  });
});

describe('The bars of a plan', () => {
  const candidate = (node: string, seconds: number[], rejected: string | null = null): PlanCandidate => ({
    node,
    title: node,
    latencyS: rejected ? null : seconds.reduce((a, b) => a + b, 0),
    costPerHour: null,
    parts: seconds.map((s, i) => ({ part: i === 0 ? 'link' : 'infer', seconds: s })),
    rejected,
  });
  const plan = {
    chosen: 'b',
    candidates: [candidate('x', [], 'no room'), candidate('a', [3, 1]), candidate('b', [1, 0])],
  } as unknown as PlanView;

  it('share one axis that ends at a round number beyond the longest', () => {
    expect(axisEndS(plan.candidates)).toBe(4);
    expect(axisEndS([candidate('a', [0.0061])])).toBeCloseTo(0.008);
    expect(axisEndS([])).toBe(1);
  });

  it('lay the parts end to end and leave out those without time', () => {
    expect(segments(candidate('a', [3, 1]), 8)).toEqual([
      { part: 'link', seconds: 3, from: 0, width: 0.375 },
      { part: 'infer', seconds: 1, from: 0.375, width: 0.125 },
    ]);
    expect(segments(candidate('b', [1, 0]), 8)).toHaveLength(1);
  });

  it('stand with the chosen one on top and the rejected ones last', () => {
    expect(ordered(plan).map((c) => c.node)).toEqual(['b', 'a', 'x']);
  });
});

describe('What is going on', () => {
  const quiet: EngineState = {
    project: { name: 'bench', path: '/bench' },
    devices: [],
    recordings: [],
    training: null,
    models: [],
    plan: null,
    deployments: [],
    log: [],
  };

  it('is nothing when nothing is', () => {
    expect(worksOf(quiet)).toEqual([]);
  });

  it('says how long a training still takes, from what it took so far', () => {
    const training = { state: 'running', epoch: 10, epochs: 40, seconds: 5 } as TrainingView;
    expect(worksOf({ ...quiet, training })).toEqual([
      { kind: 'training', subject: '', progress: 0.25, remainingS: 15, stoppable: true },
    ]);
  });

  it('does not guess from the first moments', () => {
    const training = { state: 'running', epoch: 0, epochs: 40, seconds: 0.1 } as TrainingView;
    expect(worksOf({ ...quiet, training })[0]?.remainingS).toBeNull();
  });

  it('names an upload and a golden check, each by its device', () => {
    const deployment = { device: 'demo', state: 'uploading', progress: 0.5, golden: null } as DeploymentView;
    const checked = {
      device: 'demo',
      state: 'running',
      progress: 1,
      golden: { running: true, done: 250, total: 1000, equal: 250, differing: [] },
    } as unknown as DeploymentView;
    expect(worksOf({ ...quiet, deployments: [deployment, checked] }).map((work) => [work.kind, work.progress])).toEqual(
      [
        ['uploading', 0.5],
        ['checking', 0.25],
      ],
    );
  });
});

describe('The class a model says', () => {
  const deployment = {
    classes: ['normal', 'worn'],
    prediction: { class: 1, scores: [0.2, 0.8], timeMs: 0 },
  } as DeploymentView;

  it('comes with its name and score', () => {
    expect(currentClass(deployment)).toEqual({ index: 1, name: 'worn', score: 0.8 });
    expect(classScores(deployment).map((row) => row.name)).toEqual(['normal', 'worn']);
  });

  it('is none before the first prediction and for a class the model does not have', () => {
    expect(currentClass(null)).toBeNull();
    expect(currentClass({ ...deployment, prediction: null })).toBeNull();
    expect(currentClass({ ...deployment, prediction: { class: 7, scores: [], timeMs: 0 } })).toBeNull();
  });
});

describe('Finding one’s way', () => {
  it('takes the view from the address and the overview for any other', () => {
    expect(viewOf('#train')).toBe('train');
    expect(viewOf('')).toBe('overview');
    expect(viewOf('#../../etc')).toBe('overview');
  });

  it('takes the view from the keys 1 to 6 and the comma', () => {
    expect(['1', '6', ',', '7', '0', 'a', 'F1'].map(viewOfKey)).toEqual([
      'overview',
      'deploy',
      'settings',
      null,
      null,
      null,
      null,
    ]);
  });

  it('lists ports that may lead to a board first, and 10 after 9', () => {
    const port = (path: string, vendorId: string | null) => ({
      path,
      vendorId,
      productId: vendorId,
      product: '',
      serialNumber: null,
      connected: false,
    });
    const { likely, rest } = sortPorts([port('COM10', '2341'), port('COM1', null), port('COM9', '2341')]);
    expect(likely.map((p) => p.path)).toEqual(['COM9', 'COM10']);
    expect(rest.map((p) => p.path)).toEqual(['COM1']);
  });
});

describe('A long table', () => {
  it('has few rows in the page, and always those in sight', () => {
    for (const scrollPx of [0, 31, 32, 5000, 159_680, 999_999]) {
      const { first, end } = visibleRows(5000, 32, scrollPx, 320);
      expect(end - first).toBeLessThanOrEqual(27);
      expect(first).toBeLessThanOrEqual(Math.min(5000, Math.floor(scrollPx / 32)));
      expect(end).toBeGreaterThanOrEqual(Math.min(5000, Math.ceil((scrollPx + 320) / 32)));
    }
  });

  it('scrolls no further than needed to show a row', () => {
    expect(scrollTo(3, 32, 0, 320)).toBeNull();
    expect(scrollTo(10, 32, 0, 320)).toBe(32);
    expect(scrollTo(2, 32, 320, 320)).toBe(64);
  });
});

describe('A thousand dots', () => {
  it('fill whole rows and stay within the width', () => {
    for (const width of [300, 500, 904, 1300, 3600]) {
      const { columns, cell, height } = dotGrid(1000, width);
      expect(1000 % columns).toBe(0);
      expect(columns * cell).toBeLessThanOrEqual(width);
      expect(height).toBeCloseTo((1000 / columns) * cell);
    }
  });
});
