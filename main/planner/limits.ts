// The constraints of one compute node as limits on sums over flows. PLANNER.md sections 3 and 4.
// With one route a flow, each flow's share of a utilisation or a bound depends on its own codec choice only, so all of them add up.
import {
  backgroundMessageS,
  backgroundTaskS,
  boundHoldsBelowS,
  codecS,
  type CodecStep,
  computeS,
  messageS,
  resultWireB,
  ROUNDING,
  sensorWireB,
} from './terms';
import { channelAt, type Crossing, entry, linkAt, type Network, nodeAt } from './network';
import type { Route } from './routes';

/** The routes of one candidate, in the lab's order. */
export interface Routes {
  readonly compute: number;
  readonly sensors: readonly Route[];
  readonly consumers: readonly Route[];
}

/** What must not be exceeded, and how far past it rounding may carry a sum; below 0 where the limit itself is too much. */
interface Ceiling {
  readonly value: number;
  readonly slack: number;
}

/** Σ over flows of `hop` and `codec` must not exceed `room` (and its slack). */
export interface Limit {
  readonly kind: 'link' | 'node' | 'deadline';
  readonly room: number;
  readonly slack: number;
  hop(sensor: number, crossing: Crossing, compressed: boolean): number;
  codec(sensor: number, step: CodecStep): number;
}

export const exceeds = (value: number, limit: number): boolean => value > limit * (1 + ROUNDING);

/** The highest utilisation allowed: rho_max, and below 1. */
export function utilisationCeiling(network: Network): Ceiling {
  const { rho_max } = network.lab.options;
  return rho_max < 1 ? { value: rho_max, slack: rho_max * ROUNDING } : { value: 1, slack: -ROUNDING };
}

/** A bound must keep the deadline, and holds only below the period. */
function boundCeiling(network: Network, deadlineS: number): Ceiling {
  const { period_s } = network.lab.job;
  return deadlineS < period_s
    ? { value: deadlineS, slack: deadlineS * ROUNDING }
    : { value: period_s, slack: boundHoldsBelowS(network) - period_s };
}

export function limitsOf(network: Network, routes: Routes): Limit[] {
  const { deadline_on } = network.lab.options;
  return [...linkLimits(network, routes), ...nodeLimits(network, routes)].concat(
    deadline_on === 'bound' ? boundLimits(network, routes) : [],
  );
}

/** For each channel that a message uses; what is not used is not judged. */
function linkLimits(network: Network, routes: Routes): Limit[] {
  const { value, slack } = utilisationCeiling(network);
  const resultS = channelSums(network, routes.consumers);
  const used = new Set([...routes.sensors, ...routes.consumers].flat().map(({ channel }) => channel));
  return [...used].map((channel) => ({
    kind: 'link',
    room: value - channelAt(network, channel).load - network.ratePerS * (resultS.get(channel) ?? 0),
    slack,
    hop: (sensor, crossing, compressed) =>
      crossing.channel === channel ? network.ratePerS * sensorS(network, sensor, crossing, compressed) : 0,
    codec: () => 0,
  }));
}

/** For each node that may have codec work. */
function nodeLimits(network: Network, routes: Routes): Limit[] {
  const { value, slack } = utilisationCeiling(network);
  const onRoutes = new Set(routes.sensors.flat().flatMap(({ from, to }) => [from, to]));
  const coding = [...onRoutes].filter((node) => {
    const { compress_Bps, decompress_Bps } = nodeAt(network, node);
    return compress_Bps !== undefined || decompress_Bps !== undefined;
  });
  return coding.map((node) => {
    const inferS = node === routes.compute ? computeS(network, nodeAt(network, node)) : 0;
    const spare = value - nodeAt(network, node).load - network.ratePerS * inferS;
    return {
      kind: 'node',
      // A node that is too busy already may relay, but not code.
      room: Math.max(spare, 0),
      slack,
      hop: () => 0,
      codec: (sensor, step) => (step.node === node ? network.ratePerS * codecS(network, sensor, step) : 0),
    };
  });
}

/** For each sensor and each consumer with a deadline: the bound of that way, which holds only below the period. */
function boundLimits(network: Network, routes: Routes): Limit[] {
  const compute = nodeAt(network, routes.compute);
  const ownS = (computeS(network, compute) + backgroundTaskS(network, routes.compute)) / (1 - compute.load);
  const resultS = channelSums(network, routes.consumers);
  return network.lab.consumers.flatMap(({ deadline_s }, consumer) => {
    if (deadline_s === Infinity) return [];
    const { value, slack } = boundCeiling(network, deadline_s);
    return routes.sensors.map((route, sensor): Limit => {
      const way = [...route, ...entry(routes.consumers, consumer)];
      /** By channel: how many seconds each second of message on it adds to this way. */
      const weight = new Map<number, number>();
      let fixedS = ownS;
      for (const { link, channel } of way) {
        const each = 1 / (1 - channelAt(network, channel).load);
        weight.set(channel, (weight.get(channel) ?? 0) + each);
        const others = (resultS.get(channel) ?? 0) + backgroundMessageS(network, channel);
        fixedS += others * each + linkAt(network, link).latency_s;
      }
      return {
        kind: 'deadline',
        room: value - fixedS,
        slack,
        hop: (flow, crossing, compressed) =>
          (weight.get(crossing.channel) ?? 0) * sensorS(network, flow, crossing, compressed),
        codec: (flow, step) => {
          if (step.node === routes.compute) return codecS(network, flow, step) / (1 - compute.load);
          return flow === sensor ? codecS(network, flow, step) : 0;
        },
      };
    });
  });
}

/** By channel: seconds of results on it in one window. */
function channelSums(network: Network, consumers: readonly Route[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const crossing of consumers.flat()) {
    const seconds = messageS(network, crossing, resultWireB(network, crossing));
    sums.set(crossing.channel, (sums.get(crossing.channel) ?? 0) + seconds);
  }
  return sums;
}

function sensorS(network: Network, sensor: number, crossing: Crossing, compressed: boolean): number {
  return messageS(network, crossing, sensorWireB(network, sensor, crossing, compressed));
}
