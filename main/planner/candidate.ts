// One node as the compute point: the one reason against it, or its best plan. PLANNER.md sections 4 and 5.1.
import { Effort } from './choose';
import { type Coding, codingsOf, openLimits } from './codings';
import { type Assignment, type Figures, figuresOf } from './cost';
import { exceeds, type Limit, limitsOf, type Routes, utilisationCeiling } from './limits';
import { entry, type Network, nodeAt } from './network';
import type { Route, RouteAnswer, RouteTree } from './routes';
import { Selection, TIE } from './selection';
import { compareIds } from './ids';
import { computeS, ROUNDING } from './terms';
import { unsupported } from './unsupported';

/** In the order in which they are looked for; the first that applies is the reason. */
export type Reason = 'no_compute' | 'ram' | 'flash' | 'cpu' | 'unreachable' | 'link_capacity' | 'deadline';

/** `share` is of the time of a processor or a link. */
export interface MissedBy {
  readonly amount: number;
  readonly unit: 'B' | 's' | 'share';
}

export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: Reason;
  readonly missedBy?: MissedBy;
}

export interface Candidate {
  readonly kind: 'feasible';
  readonly node: number;
  readonly assignment: Assignment;
  readonly figures: Figures;
  /** Combinations of codec choices, of those that no other choice of the same flow beats. */
  readonly combinations: number;
}

export type Verdict = Rejection | Candidate;

/** By node that a sensor or consumer sits on. */
export type RouteTrees = ReadonlyMap<number, RouteTree>;

const MAX_STEPS = 2_000_000;

export function judge(network: Network, compute: number, trees: RouteTrees): Verdict {
  const unfit = unfitness(network, compute);
  if (unfit !== undefined) return unfit;
  const routes = routesTo(network, compute, trees);
  return routes === undefined ? { kind: 'rejected', reason: 'unreachable' } : new Judgement(network, routes).verdict();
}

/** What no route can mend. */
function unfitness(network: Network, compute: number): Rejection | undefined {
  const { job, options } = network.lab;
  const node = nodeAt(network, compute);
  const missed = (reason: Reason, amount: number, unit: MissedBy['unit']): Rejection => ({
    kind: 'rejected',
    reason,
    missedBy: { amount, unit },
  });
  if (!node.can_compute) return { kind: 'rejected', reason: 'no_compute' };
  const buffersB = options.count_input_buffers ? network.messageB.reduce((sum, bytes) => sum + bytes, 0) : 0;
  const ramB = job.ram_bytes + buffersB;
  if (exceeds(ramB, node.ram_free)) return missed('ram', ramB - node.ram_free, 'B');
  if (exceeds(job.flash_bytes, node.flash_free)) return missed('flash', job.flash_bytes - node.flash_free, 'B');
  const use = node.load + network.ratePerS * computeS(network, node);
  const { value, slack } = utilisationCeiling(network);
  if (use > value + slack) return missed('cpu', use - value, 'share');
  return undefined;
}

function routesTo(network: Network, compute: number, trees: RouteTrees): Routes | undefined {
  const answers = (roots: readonly number[], direction: 'to' | 'from'): RouteAnswer[] =>
    roots.map((root) => {
      const tree = trees.get(root);
      if (tree === undefined) throw new Error('no routes were searched from a sensor or consumer');
      return tree[direction](compute);
    });
  const sensors = answers(network.sensorNode, 'to');
  const consumers = answers(network.consumerNode, 'from');
  if ([...sensors, ...consumers].some(({ kind }) => kind === 'none')) return undefined;
  const idOf = (node: number): string => nodeAt(network, node).id;
  return {
    compute,
    sensors: sensors.map((answer, i) => theRoute(answer, idOf(entry(network.sensorNode, i)), idOf(compute))),
    consumers: consumers.map((answer, i) => theRoute(answer, idOf(compute), idOf(entry(network.consumerNode, i)))),
  };
}

function theRoute(answer: RouteAnswer, from: string, to: string): Route {
  if (answer.kind === 'one') return answer.route;
  if (answer.kind === 'none') throw new Error('an unreachable node was kept');
  throw unsupported(
    `links[${answer.link}]`,
    `several routes between "${from}" and "${to}" (one over this link, one round it)`,
    'take links out until one route is left, or set "forward" to false on a node that should not relay',
  );
}

/** The part of the judgement that looks at the flows. */
class Judgement {
  /** Flows in the order in which routes are compared. */
  private readonly flows: readonly number[];
  private readonly codings: readonly (readonly Coding[])[];
  private readonly limits: readonly Limit[];
  private readonly effort: Effort;

  constructor(
    private readonly network: Network,
    private readonly routes: Routes,
  ) {
    const { sensors } = network.lab;
    this.limits = openLimits(network, routes, limitsOf(network, routes));
    this.flows = [...sensors.keys()].sort((a, b) => compareIds(entry(sensors, a).id, entry(sensors, b).id));
    this.codings = this.flows.map((flow) => codingsOf(network, flow, entry(routes.sensors, flow), this.limits));
    this.effort = new Effort(MAX_STEPS, () => unsupported('sensors', 'so many codec choices that limit one another'));
  }

  verdict(): Verdict {
    const capacity = this.selection((kind) => kind !== 'deadline');
    if (capacity.fastest() === undefined) return this.overloaded(capacity);
    const timeS = this.timeLimit(ROUNDING);
    const selection = this.selection(() => true);
    const cheapest = selection.cheapest(timeS);
    if (cheapest === undefined) return this.late(capacity);
    const slack = TIE * figuresOf(this.network, this.assignment(cheapest.picks)).objective;
    const picks = selection.simplest(timeS, cheapest.value + slack) ?? cheapest.picks;
    const assignment = this.assignment(picks);
    return {
      kind: 'feasible',
      node: this.routes.compute,
      assignment,
      figures: figuresOf(this.network, assignment),
      combinations: this.codings.reduce((product, list) => product * list.length, 1),
    };
  }

  /** Limits of the other kinds are lifted. */
  private selection(kept: (kind: Limit['kind']) => boolean): Selection {
    const { w, t_ref_s, c_ref_per_h } = this.network.lab.options;
    const rooms = this.limits.map(({ kind, room, slack }) => ({ room, slack: kept(kind) ? slack : Infinity }));
    const weights = { perSecond: w / t_ref_s, perCost: (1 - w) / c_ref_per_h };
    return new Selection(this.codings, rooms, weights, this.effort);
  }

  /** Uncompressed, no codec has work, so the links are the cause. */
  private overloaded(capacity: Selection): Rejection {
    const amount = capacity.leastExcess(this.limitsOfKind('link'), this.limitsOfKind('node'));
    return { kind: 'rejected', reason: 'link_capacity', missedBy: { amount: amount ?? Infinity, unit: 'share' } };
  }

  private late(capacity: Selection): Rejection {
    const amount =
      this.network.lab.options.deadline_on === 'bound'
        ? this.selection(() => true).leastExcess(this.limitsOfKind('deadline'), [
            ...this.limitsOfKind('link'),
            ...this.limitsOfKind('node'),
          ])
        : (capacity.fastest() ?? Infinity) - this.timeLimit(0);
    return { kind: 'rejected', reason: 'deadline', missedBy: { amount: amount ?? Infinity, unit: 's' } };
  }

  private limitsOfKind(kind: Limit['kind']): number[] {
    return [...this.limits.keys()].filter((k) => this.limits[k]?.kind === kind);
  }

  /** What deadlines on the mean leave to the slowest sensor's way; `forgiven`: relative, for rounding. */
  private timeLimit(forgiven: number): number {
    const { options, consumers } = this.network.lab;
    if (options.deadline_on === 'bound') return Infinity;
    const any = this.assignment(this.codings.map((list) => entry(list, 0)));
    const { latencyByConsumer, parts } = figuresOf(this.network, any);
    const arrival = parts.encode + parts.link + parts.decode;
    const afterArrival = latencyByConsumer.map((latency) => latency - arrival);
    return Math.min(...consumers.map(({ deadline_s }, i) => deadline_s * (1 + forgiven) - entry(afterArrival, i)));
  }

  private assignment(picks: readonly Coding[]): Assignment {
    const { compute, sensors, consumers } = this.routes;
    return {
      compute,
      sensors: sensors.map((route, sensor) => ({
        route,
        compressed: entry(picks, this.flows.indexOf(sensor)).compressed,
      })),
      consumers: consumers.map((route) => ({ route, compressed: route.map(() => false) })),
    };
  }
}
