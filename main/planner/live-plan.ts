// The live plan card: where the model should run, why, what the others would take, and whether the measurements carry the answer.
import type { PlanCandidate, PlanPart } from '../contract';
import type { Parts } from './cost';
import { explain } from './explain';
import { labOf } from './lab';
import { labFromMeasurements, type LiveLab, type LiveSetup, type Measure } from './live';
import { plan, type PlanResult } from './plan';

export interface LivePlan extends LiveLab {
  readonly result: PlanResult;
  /** The answer is the same everywhere within the spread of the numbers. */
  readonly firm: boolean;
  readonly explanation: string;
  /** For the plan card: best first, then the rejected. */
  readonly cards: readonly PlanCandidate[];
}

/**
 * `titleOf`: what people call a device.
 * `running`: id of the node that computes now; J is then measured against it.
 */
export function planLive(
  setup: LiveSetup,
  titleOf: (id: string) => string = (id) => id,
  running?: string | undefined,
): LivePlan {
  const live = asToday(labFromMeasurements(setup, titleOf), running);
  const result = plan(live.lab);
  const firm = corners(setup).every((corner) => computeOf(plan(labFromMeasurements(corner).lab)) === computeOf(result));
  const { paragraph, rejected } = explain(live.lab, result, titleOf);
  const certainty = firm
    ? 'Anywhere within the spread of the measurements the answer is the same.'
    : 'Within the spread of the measurements the answer could be another: the candidates are close.';
  return {
    ...live,
    result,
    firm,
    explanation: [paragraph, ...(result.feasible ? [certainty] : []), ...live.notes].join(' '),
    cards: [
      ...result.candidates.map(({ node, latency_s, cost_per_h, parts }) => ({
        node,
        title: titleOf(node),
        latencyS: latency_s,
        costPerHour: cost_per_h,
        parts: stacked(parts),
        rejected: null,
      })),
      ...Object.entries(rejected).map(([node, sentence]) => ({
        node,
        title: titleOf(node),
        latencyS: null,
        costPerHour: null,
        parts: [],
        rejected: result.rejected[node] === 'no_compute' ? whyNot(setup, node, titleOf(node)) : sentence,
      })),
    ],
  };
}

/** In a lab file can_compute says it; here it follows from what is plugged in. */
function whyNot(setup: LiveSetup, node: string, title: string): string {
  return node === setup.sensing
    ? `${title} cannot run this model.`
    : `${title} does not take the readings of another board yet.`;
}

const computeOf = (result: PlanResult): string | undefined => (result.feasible ? result.compute : undefined);

/** Sets what J is measured against to the plan that runs now, so that 1 reads "as today". */
function asToday(live: LiveLab, running: string | undefined): LiveLab {
  const today = plan(live.lab).candidates.find(({ node }) => node === running);
  if (today === undefined || today.latency_s === 0) return live;
  const cost = today.cost_per_h > 0 ? { c_ref_per_h: today.cost_per_h } : {};
  const file = { ...live.file, options: { ...live.file.options, t_ref_s: today.latency_s, ...cost } };
  return { ...live, file, lab: labOf(file) };
}

/**
 * The setup with each deciding number at either end of its spread. A latency is linear in the times and in one over the goodput,
 * so if the order of two latencies can change within the spreads, it does at a corner.
 */
function corners(setup: LiveSetup): LiveSetup[] {
  let all = [setup];
  const spreadOver = (
    measureOf: (each: LiveSetup) => Measure | undefined,
    put: (each: LiveSetup, m: Measure) => LiveSetup,
  ) => {
    all = all.flatMap((each) => {
      const measure = measureOf(each);
      if (measure === undefined || measure.spread === 0) return [each];
      const { value, spread } = measure;
      // A goodput of nothing is not a measurement; a thousandth of the value stands for it.
      return [Math.max(value - spread, value / 1000), value + spread].map((end) =>
        put(each, { ...measure, value: end }),
      );
    });
  };
  spreadOver(
    ({ laptop }) => laptop.inferS,
    (each, inferS) => ({ ...each, laptop: { ...each.laptop, inferS } }),
  );
  for (const field of ['inferS', 'goodputBps', 'latencyS'] as const) {
    spreadOver(
      ({ boards, sensing }) => boards.find(({ id }) => id === sensing)?.[field],
      (each, measure) => ({
        ...each,
        boards: each.boards.map((board) => (board.id === each.sensing ? { ...board, [field]: measure } : board)),
      }),
    );
  }
  return all;
}

const PART_NAMES: readonly (readonly [keyof Parts, PlanPart])[] = [
  ['buffer', 'buffer'],
  ['preprocess', 'preprocess'],
  ['encode', 'encode'],
  ['link_wait', 'linkWait'],
  ['link', 'link'],
  ['decode', 'decode'],
  ['infer', 'infer'],
  ['return', 'return'],
];

function stacked(parts: Parts): PlanCandidate['parts'] {
  return PART_NAMES.map(([name, part]) => ({ part, seconds: parts[name] }));
}
