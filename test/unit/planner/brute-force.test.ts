// The planner against an enumeration of everything, on random single-route labs.
import { describe, expect, it } from 'vitest';
import { type Lab, labOf } from '../../../main/planner/lab';
import { plan, type PlanResult } from '../../../main/planner/plan';
import { type Answer, bruteForce } from './brute-force';
import { Draw, randomLab } from './random-lab';

const LABS = 2000;

/** Thrown by hand: `expect` takes longer than the planner. */
function expectNear(found: number, value: number, what: string): void {
  if (!(Math.abs(found - value) <= 1e-9 * Math.abs(value))) throw new Error(`${what}: ${found} instead of ${value}`);
}

function expectEqual(lab: Lab, result: PlanResult, answer: Answer): void {
  expect(result.rejected).toEqual(answer.rejected);
  for (const [node, missed] of Object.entries(answer.missedBy)) {
    // The amount is a small difference of larger numbers, so it is compared on their scale.
    expect(result.missed_by[node]?.amount).toBeCloseTo(missed, 9);
  }
  expect(result.candidates.map(({ node }) => node).sort()).toEqual(Object.keys(answer.objectives).sort());
  for (const { node, J, latency_s, parts } of result.candidates) {
    expectNear(J, answer.objectives[node] ?? NaN, `J of ${node}`);
    expectNear(
      Object.values(parts).reduce((sum: number, seconds: number) => sum + seconds, 0),
      latency_s,
      `parts of ${node}`,
    );
  }
  expect(result.feasible).toBe(answer.compute !== undefined);
  if (!result.feasible) return;
  expect(result.compute).toBe(answer.compute);
  expect(result.candidates[0]?.node).toBe(answer.compute);
  expect(result.routes).toEqual(answer.routes);
  expectNear(result.J, answer.J ?? NaN, 'J');
  expectNear(result.latency_s, answer.latency ?? NaN, 'latency');
  expectNear(result.cost_per_h, answer.cost ?? NaN, 'cost');
  expectNear(result.watts, answer.watts ?? NaN, 'watts');
  for (const [found, expected] of [
    [result.node_util, answer.nodeUse ?? {}],
    [result.link_util, answer.linkUse ?? {}],
  ] as const) {
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [id, use] of Object.entries(expected)) expectNear(found[id] ?? NaN, use, `use of ${id}`);
  }
  expect(result.used_nodes).toEqual(answer.used);
  expect(result.redundant_nodes).toEqual(lab.nodes.map(({ id }) => id).filter((id) => !answer.used?.includes(id)));
  expect(result.redundant_links).toEqual(answer.redundantLinks);
  for (const [consumer, bound] of Object.entries(answer.bounds ?? {})) {
    const found = result.latency_bound_by_consumer[consumer];
    if (bound === null || found === null || found === undefined) expect(found).toBe(bound);
    else expectNear(found, bound, 'bound');
  }
}

describe('plan against brute force', () => {
  it(`gives the same answer on ${LABS} random labs, and those cover every reason and both codec states`, () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= LABS; seed++) {
      const lab = labOf(randomLab(new Draw(seed)));
      const result = plan(lab);
      try {
        expectEqual(lab, result, bruteForce(lab));
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
      Object.values(result.rejected).forEach((reason) => seen.add(reason));
      seen.add(result.feasible ? 'feasible' : 'infeasible');
      if (!result.feasible) continue;
      const crossings = Object.values(result.routes).flatMap((route) => route.map(([, compressed]) => compressed));
      crossings.forEach((compressed) => seen.add(compressed === 1 ? 'compressed' : 'raw'));
      const marks = Object.values(result.routes).map((route) => route.map(([, compressed]) => compressed).join(''));
      if (marks.some((each) => /10+1/.test(each))) seen.add('compressed twice on one route');
      const [first, second] = result.candidates;
      if (first && second && Math.abs(first.J - second.J) <= 1e-9 * first.J) seen.add('tie');
      if (Object.values(result.latency_bound_by_consumer).includes(null)) seen.add('no bound');
    }
    const all = [
      'no_compute',
      'ram',
      'flash',
      'cpu',
      'unreachable',
      'link_capacity',
      'deadline',
      'feasible',
      'infeasible',
    ];
    expect([...seen].sort()).toEqual(
      [...all, 'compressed', 'raw', 'compressed twice on one route', 'tie', 'no bound'].sort(),
    );
  }, 120_000);
});
