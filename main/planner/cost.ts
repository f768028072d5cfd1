// What a plan takes: delay, bound, utilisation, used parts, cost and J. PLANNER.md sections 2 to 4, without waiting in queues.
// Constraints are made from the same figures in limits.ts.
import type { LabNode } from './lab';
import { channelAt, type Crossing, entry, linkAt, type Network, nodeAt } from './network';
import type { Route } from './routes';

/** One flow's way. */
export interface Leg {
  readonly route: Route;
  /** By crossing. Raw at both ends, so a change of state is work for the node where it happens. */
  readonly compressed: readonly boolean[];
}

export interface Assignment {
  readonly compute: number;
  /** In the lab's order. */
  readonly sensors: readonly Leg[];
  readonly consumers: readonly Leg[];
}

/** Where the time of the slowest flow goes, in seconds; the sum is the latency. */
export interface Parts {
  /** Waiting at the compute node. */
  readonly buffer: number;
  readonly preprocess: number;
  readonly encode: number;
  readonly link_wait: number;
  readonly link: number;
  readonly decode: number;
  readonly infer: number;
  readonly return: number;
}

export interface Figures {
  readonly objective: number;
  readonly latencyS: number;
  readonly latencyByConsumer: readonly number[];
  /** Infinity where the bound is not below the period and so says nothing. */
  readonly boundByConsumer: readonly number[];
  readonly costPerH: number;
  readonly watts: number;
  readonly waitS: number;
  readonly channelUse: readonly number[];
  readonly nodeUse: readonly number[];
  readonly usedNodes: ReadonlySet<number>;
  readonly usedLinks: ReadonlySet<number>;
  readonly parts: Parts;
}

/** t_x: one window, preprocessing and network. */
export function computeS(network: Network, node: LabNode): number {
  const { layers, macs } = network.lab.job;
  if (node.infer_s !== undefined) return node.infer_s;
  return (node.fixed_s ?? 0) + (node.layer_s ?? 0) * layers + (node.mac_s ?? 0) * macs + preprocessS(network, node);
}

/** Known apart only where the time was not measured as a whole. */
export function preprocessS(network: Network, node: LabNode): number {
  return node.infer_s === undefined ? (node.op_s ?? 0) * network.lab.job.pre_ops : 0;
}

/** S: a message on the line. */
export function messageS(network: Network, crossing: Crossing, wireB: number): number {
  return wireB / linkAt(network, crossing.link).bandwidth_Bps;
}

/** w: what of a sensor's message is on the wire. */
export function sensorWireB(network: Network, sensor: number, crossing: Crossing, compressed: boolean): number {
  const ratio = compressed ? (entry(network.lab.sensors, sensor).ratio ?? 1) : 1;
  return ratio * entry(network.messageB, sensor) + linkAt(network, crossing.link).overhead_B;
}

export function resultWireB(network: Network, crossing: Crossing): number {
  return network.lab.job.result_bytes + linkAt(network, crossing.link).overhead_B;
}

export interface CodecStep {
  readonly node: number;
  readonly kind: 'compress' | 'decompress';
}

/** What the nodes along a way have to do for its changes between raw and compressed. */
export function codecSteps(leg: Leg): CodecStep[] {
  const steps: CodecStep[] = [];
  let compressed = false;
  for (const [i, crossing] of leg.route.entries()) {
    const next = leg.compressed[i] ?? false;
    if (next !== compressed) steps.push({ node: crossing.from, kind: next ? 'compress' : 'decompress' });
    compressed = next;
  }
  const last = leg.route.at(-1);
  if (compressed && last !== undefined) steps.push({ node: last.to, kind: 'decompress' });
  return steps;
}

/** Infinity where the node has no such codec. */
export function codecS(network: Network, sensor: number, step: CodecStep): number {
  const node = nodeAt(network, step.node);
  const rawBps = step.kind === 'compress' ? node.compress_Bps : node.decompress_Bps;
  return rawBps === undefined ? Infinity : entry(network.messageB, sensor) / rawBps;
}

const JOULES_PER_KWH = 3.6e6;
const SECONDS_PER_HOUR = 3600;

/** Money per hour of a steady power. */
export const powerPerH = (network: Network, watts: number): number =>
  (network.lab.options.price_per_kwh * watts * SECONDS_PER_HOUR) / JOULES_PER_KWH;

/** What one message a window costs on a link. */
export function crossingCost(network: Network, crossing: Crossing, wireB: number): { watts: number; costPerH: number } {
  const link = linkAt(network, crossing.link);
  const watts = network.ratePerS * link.energy_J_per_B * wireB;
  const traffic = SECONDS_PER_HOUR * network.ratePerS * link.money_per_B * wireB;
  return { watts, costPerH: traffic + powerPerH(network, watts) };
}

/** What seconds of work at a node, once a window, cost. */
export function workCost(network: Network, node: number, seconds: number): { watts: number; costPerH: number } {
  const watts = network.ratePerS * nodeAt(network, node).active_w * seconds;
  return { watts, costPerH: powerPerH(network, watts) };
}

/** J of a latency and a cost. */
export function objective(network: Network, latencyS: number, costPerH: number): number {
  const { w, t_ref_s, c_ref_per_h } = network.lab.options;
  return (w * latencyS) / t_ref_s + ((1 - w) * costPerH) / c_ref_per_h;
}

/** Nodes on routes, with sensors and consumers, and required, and all they depend on. */
export function usedNodes(network: Network, assignment: Assignment): Set<number> {
  const used = new Set([assignment.compute, ...network.sensorNode, ...network.consumerNode]);
  for (const [i, node] of network.lab.nodes.entries()) if (node.required) used.add(i);
  for (const { route } of [...assignment.sensors, ...assignment.consumers]) {
    for (const { from, to } of route) used.add(from).add(to);
  }
  for (const node of used) for (const id of nodeAt(network, node).depends_on) used.add(network.indexOf(id));
  return used;
}

/** Everything about one plan, whether it keeps the constraints or not. */
export function figuresOf(network: Network, assignment: Assignment): Figures {
  return new Evaluation(network, assignment).figures();
}

class Evaluation {
  private readonly channelS: number[];
  private readonly codecWorkS: number[];
  private watts = 0;
  private costPerH = 0;
  private readonly computeS: number;

  constructor(
    private readonly network: Network,
    private readonly plan: Assignment,
  ) {
    this.channelS = network.channels.map(() => 0);
    this.codecWorkS = network.lab.nodes.map(() => 0);
    this.computeS = computeS(network, nodeAt(network, plan.compute));
  }

  figures(): Figures {
    const { network, plan } = this;
    const sensors = plan.sensors.map((leg, sensor) => this.sensorTimes(leg, sensor));
    const returns = plan.consumers.map((leg) => this.returnS(leg));
    const nodes = usedNodes(network, plan);
    const links = this.usedLinks();
    this.standingCosts(nodes, links);

    const slowest = sensors.reduce((a, b) => (total(b) > total(a) ? b : a), { encode: 0, link: 0, decode: 0 });
    const latencyByConsumer = returns.map((back) => total(slowest) + this.computeS + back);
    const latencyS = this.overConsumers(latencyByConsumer);
    const preprocess = preprocessS(network, nodeAt(network, plan.compute));
    return {
      objective: objective(network, latencyS, this.costPerH),
      latencyS,
      latencyByConsumer,
      boundByConsumer: this.bounds(),
      costPerH: this.costPerH,
      watts: this.watts,
      waitS: 0,
      channelUse: this.channelS.map((seconds, i) => channelAt(network, i).load + network.ratePerS * seconds),
      nodeUse: this.codecWorkS.map(
        (seconds, i) =>
          nodeAt(network, i).load + network.ratePerS * (seconds + (i === plan.compute ? this.computeS : 0)),
      ),
      usedNodes: nodes,
      usedLinks: links,
      parts: {
        buffer: 0,
        preprocess,
        ...slowest,
        link_wait: 0,
        infer: this.computeS - preprocess,
        return: this.overConsumers(returns),
      },
    };
  }

  private sensorTimes(leg: Leg, sensor: number): PathTimes {
    const { network } = this;
    const times = { encode: 0, link: 0, decode: 0 };
    for (const [i, crossing] of leg.route.entries()) {
      times.link += this.cross(crossing, sensorWireB(network, sensor, crossing, leg.compressed[i] ?? false));
    }
    for (const step of codecSteps(leg)) {
      const seconds = codecS(network, sensor, step);
      times[step.kind === 'compress' ? 'encode' : 'decode'] += seconds;
      this.codecWorkS[step.node] = (this.codecWorkS[step.node] ?? 0) + seconds;
      this.pay(workCost(network, step.node, seconds));
    }
    return times;
  }

  private returnS(leg: Leg): number {
    return leg.route.reduce(
      (seconds, crossing) => seconds + this.cross(crossing, resultWireB(this.network, crossing)),
      0,
    );
  }

  /** Books a message and says how long it is on its way. */
  private cross(crossing: Crossing, wireB: number): number {
    const seconds = messageS(this.network, crossing, wireB);
    this.channelS[crossing.channel] = (this.channelS[crossing.channel] ?? 0) + seconds;
    this.pay(crossingCost(this.network, crossing, wireB));
    return seconds + linkAt(this.network, crossing.link).latency_s;
  }

  private pay(cost: { watts: number; costPerH: number }): void {
    this.watts += cost.watts;
    this.costPerH += cost.costPerH;
  }

  private usedLinks(): Set<number> {
    const used = new Set<number>();
    for (const [i, link] of this.network.lab.links.entries()) if (link.required) used.add(i);
    for (const { route } of [...this.plan.sensors, ...this.plan.consumers])
      for (const { link } of route) used.add(link);
    return used;
  }

  /** What is paid however little flows, and the inference itself. */
  private standingCosts(nodes: ReadonlySet<number>, links: ReadonlySet<number>): void {
    const { network, plan } = this;
    for (const i of nodes) {
      const { idle_w, money_per_h } = nodeAt(network, i);
      this.pay({ watts: idle_w, costPerH: money_per_h + powerPerH(network, idle_w) });
    }
    for (const i of links) this.costPerH += linkAt(network, i).money_per_h;
    const { energy_inf_j, active_w } = nodeAt(network, plan.compute);
    const watts = network.ratePerS * (energy_inf_j ?? active_w * this.computeS);
    this.pay({ watts, costPerH: powerPerH(network, watts) });
  }

  /** Worst case by consumer: every other message of the window goes first, with one background message where there is background. */
  private bounds(): number[] {
    const { network, plan } = this;
    const compute = nodeAt(network, plan.compute);
    const work = this.computeS + (this.codecWorkS[plan.compute] ?? 0) + backgroundTaskS(network, plan.compute);
    const sensors = plan.sensors.map((leg, sensor) => {
      const elsewhere = codecSteps(leg).filter(({ node }) => node !== plan.compute);
      return this.crossingBound(leg) + elsewhere.reduce((sum, step) => sum + codecS(network, sensor, step), 0);
    });
    const arrival = Math.max(...sensors);
    return plan.consumers.map((leg) => {
      const bound = arrival + work / (1 - compute.load) + this.crossingBound(leg);
      return bound < network.lab.job.period_s ? bound : Infinity;
    });
  }

  private crossingBound(leg: Leg): number {
    return leg.route.reduce((sum, { link, channel }) => {
      const { load } = channelAt(this.network, channel);
      const busyS = (this.channelS[channel] ?? 0) + backgroundMessageS(this.network, channel);
      return sum + busyS / (1 - load) + linkAt(this.network, link).latency_s;
    }, 0);
  }

  private overConsumers(seconds: readonly number[]): number {
    return this.network.lab.options.latency === 'max'
      ? Math.max(...seconds)
      : seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  }
}

interface PathTimes {
  encode: number;
  link: number;
  decode: number;
}

const total = ({ encode, link, decode }: PathTimes): number => encode + link + decode;

/** g of a channel; where nothing else is on it there is no background message to wait for. */
export function backgroundMessageS(network: Network, channel: number): number {
  const { load, backgroundS } = channelAt(network, channel);
  return load > 0 ? backgroundS : 0;
}

/** g of a node, likewise. */
export function backgroundTaskS(network: Network, node: number): number {
  const { load, bg_task_s } = nodeAt(network, node);
  return load > 0 ? (bg_task_s ?? computeS(network, nodeAt(network, node))) : 0;
}
