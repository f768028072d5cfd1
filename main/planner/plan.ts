// The sole compute point of a lab: every node judged, the feasible ranked by J, the best explained in figures.
// PLANNER.md sections 4 and "Output"; exact where every flow has one route and nothing waits in queues.
import { type Candidate, judge, type MissedBy, type Reason, type Rejection, type Verdict } from './candidate';
import type { Parts } from './cost';
import { count } from './format';
import { compareIds } from './ids';
import type { Lab } from './lab';
import { entry, type Network, networkOf, nodeAt } from './network';
import { RouteTree } from './routes';
import { TIE } from './selection';
import { computeS, type Leg } from './terms';
import { unsupported } from './unsupported';

export interface RankedCandidate {
  readonly node: string;
  readonly J: number;
  readonly latency_s: number;
  readonly cost_per_h: number;
  readonly parts: Parts;
}

interface Judged {
  /** How it is known that there is no better plan. */
  readonly proof: string;
  readonly rejected: Readonly<Record<string, Reason>>;
  readonly missed_by: Readonly<Record<string, MissedBy>>;
  /** Best first. */
  readonly candidates: readonly RankedCandidate[];
  /** What a reader of the lab file might not expect. */
  readonly notes: readonly string[];
}

export interface FeasiblePlan extends Judged {
  readonly feasible: true;
  readonly optimal: true;
  readonly compute: string;
  readonly J: number;
  readonly latency_s: number;
  readonly latency_by_consumer: Readonly<Record<string, number>>;
  /** null: no bound below the period. */
  readonly latency_bound_by_consumer: Readonly<Record<string, number | null>>;
  readonly cost_per_h: number;
  readonly watts: number;
  /** `s:SENSOR` or `c:CONSUMER`: link ids, 1 where compressed. */
  readonly routes: Readonly<Record<string, readonly (readonly [link: string, compressed: 0 | 1])[]>>;
  readonly compute_wait_s: number;
  readonly infer_s: number;
  readonly node_util: Readonly<Record<string, number>>;
  readonly link_util: Readonly<Record<string, number>>;
  readonly used_nodes: readonly string[];
  readonly redundant_nodes: readonly string[];
  readonly redundant_links: readonly string[];
}

export interface NoPlan extends Judged {
  readonly feasible: false;
}

export type PlanResult = FeasiblePlan | NoPlan;

/** Beyond these, judging every node in full takes too long. */
const MAX_ENTRIES = { nodes: 500, sensors: 64, consumers: 64 } as const;

/** Throws InputFault `unsupported` where the lab asks for more than is described above. */
export function plan(lab: Lab): PlanResult {
  refuseUnsupported(lab);
  const network = networkOf(lab);
  const roots = new Set([...network.sensorNode, ...network.consumerNode]);
  const trees = new Map([...roots].map((root) => [root, new RouteTree(network, root)]));
  const verdicts = lab.nodes.map((_, node) => judge(network, node, trees));

  const ranked = rank(network, verdicts.filter(isCandidate));
  const rejections = verdicts.flatMap((verdict, i): [string, Rejection][] =>
    verdict.kind === 'rejected' ? [[nodeAt(network, i).id, verdict]] : [],
  );
  const judged: Judged = {
    proof: proofOf(ranked, rejections.length),
    rejected: Object.fromEntries(rejections.map(([id, { reason }]) => [id, reason])),
    missed_by: Object.fromEntries(
      rejections.flatMap(([id, { missedBy }]) => (missedBy === undefined ? [] : [[id, missedBy]])),
    ),
    candidates: ranked.map(({ node, figures }) => ({
      node: nodeAt(network, node).id,
      J: figures.objective,
      latency_s: figures.latencyS,
      cost_per_h: figures.costPerH,
      parts: figures.parts,
    })),
    notes: notesOn(lab),
  };
  const best = ranked[0];
  return best === undefined
    ? { feasible: false, ...judged }
    : { feasible: true, ...detailsOf(network, best), ...judged };
}

function refuseUnsupported(lab: Lab): void {
  const { queue } = lab.options;
  if (queue !== 'none') {
    const by =
      queue === 'md1' ? 'at links and at the compute node, "md1", which is also what a lab without it means' : '"node"';
    throw unsupported('options.queue', `waiting in queues (${by})`, 'set options.queue to "none"');
  }
  for (const list of ['nodes', 'sensors', 'consumers'] as const) {
    if (lab[list].length > MAX_ENTRIES[list]) throw unsupported(list, `more than ${MAX_ENTRIES[list]} ${list}`);
  }
}

const isCandidate = (verdict: Verdict): verdict is Candidate => verdict.kind === 'feasible';

/** By J; those that tie with the best of their group by id. */
function rank(network: Network, candidates: readonly Candidate[]): Candidate[] {
  const byObjective = [...candidates].sort((a, b) => a.figures.objective - b.figures.objective);
  const ranked: Candidate[] = [];
  while (ranked.length < byObjective.length) {
    const ceiling = entry(byObjective, ranked.length).figures.objective * (1 + TIE);
    const group = byObjective.slice(ranked.length).filter(({ figures }) => figures.objective <= ceiling);
    ranked.push(...group.sort((a, b) => compareIds(nodeAt(network, a.node).id, nodeAt(network, b.node).id)));
  }
  return ranked;
}

function proofOf(ranked: readonly Candidate[], rejected: number): string {
  const combinations = ranked.reduce((sum, candidate) => sum + candidate.combinations, 0);
  const choices =
    combinations === ranked.length
      ? 'and no codec choice that could be better anywhere'
      : `and ${count(combinations)} combinations of codec choices that no other choice beats, searched completely by branch and bound`;
  return (
    `All ${ranked.length + rejected} nodes were judged: ${rejected} rejected, ${ranked.length} compared. ` +
    (ranked.length === 0 ? 'Each has a constraint that no plan keeps.' : `Each flow has exactly one route, ${choices}.`)
  );
}

function detailsOf(network: Network, best: Candidate): Omit<FeasiblePlan, 'feasible' | keyof Judged> {
  const { nodes, links, sensors, consumers } = network.lab;
  const { assignment, figures } = best;
  const byId = <T extends { id: string }, V>(list: readonly T[], value: (index: number) => V): Record<string, V> =>
    Object.fromEntries(list.map(({ id }, i) => [id, value(i)]));
  const idsOf = (list: readonly { id: string }[], kept: (index: number) => boolean): string[] =>
    list.filter((_, i) => kept(i)).map(({ id }) => id);
  const routeOf = (leg: Leg): [string, 0 | 1][] =>
    leg.route.map(({ link }, i) => [entry(links, link).id, leg.compressed[i] === true ? 1 : 0]);
  const linkUse = links.map(() => 0);
  for (const { link, channel } of network.leaving.flat()) {
    linkUse[link] = Math.max(entry(linkUse, link), entry(figures.channelUse, channel));
  }
  return {
    optimal: true,
    compute: nodeAt(network, best.node).id,
    J: figures.objective,
    latency_s: figures.latencyS,
    latency_by_consumer: byId(consumers, (i) => entry(figures.latencyByConsumer, i)),
    latency_bound_by_consumer: byId(consumers, (i) => finiteOrNull(entry(figures.boundByConsumer, i))),
    cost_per_h: figures.costPerH,
    watts: figures.watts,
    routes: Object.fromEntries([
      ...assignment.sensors.map((leg, i) => [`s:${entry(sensors, i).id}`, routeOf(leg)] as const),
      ...assignment.consumers.map((leg, i) => [`c:${entry(consumers, i).id}`, routeOf(leg)] as const),
    ]),
    compute_wait_s: figures.waitS,
    infer_s: computeS(network, nodeAt(network, best.node)),
    node_util: byId(nodes, (i) => entry(figures.nodeUse, i)),
    link_util: byId(links, (i) => entry(linkUse, i)),
    used_nodes: idsOf(nodes, (i) => figures.usedNodes.has(i)),
    redundant_nodes: idsOf(nodes, (i) => !figures.usedNodes.has(i)),
    redundant_links: idsOf(links, (i) => !figures.usedLinks.has(i)),
  };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function notesOn(lab: Lab): string[] {
  const overridden = lab.links.filter((link) => link.medium !== undefined && (link.load > 0 || link.bg_msg_s > 0));
  if (overridden.length === 0) return [];
  const names = overridden.map(({ id }) => `"${id}"`).join(', ');
  return [`load and bg_msg_s of ${names} do not count: what other traffic takes is read from the medium they are on`];
}
