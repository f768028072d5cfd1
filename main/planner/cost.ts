// What a plan takes: delay, bound, utilisation, used parts, cost and J. PLANNER.md sections 2 to 4, without waiting in queues.
// Constraints are made from the same terms in limits.ts.
import { channelAt, type Crossing, linkAt, type Network, nodeAt } from './network';
import {
  backgroundMessageS,
  backgroundTaskS,
  boundHoldsBelowS,
  codecS,
  codecSteps,
  computeS,
  crossingCost,
  type Leg,
  messageS,
  objective,
  powerPerH,
  preprocessS,
  resultWireB,
  sensorWireB,
  workCost,
} from './terms';

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

/** Nodes on routes, with sensors and consumers, and required, and all they depend on. */
function usedNodes(network: Network, assignment: Assignment): Set<number> {
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
      return bound < boundHoldsBelowS(network) ? bound : Infinity;
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
