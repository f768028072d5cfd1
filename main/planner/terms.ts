// The terms that delay, bound and cost are sums of. PLANNER.md sections 1 to 4.
import type { LabNode } from './lab';
import { channelAt, type Crossing, entry, linkAt, type Network, nodeAt } from './network';
import type { Route } from './routes';

/** One flow's way. */
export interface Leg {
  readonly route: Route;
  /** By crossing. Raw at both ends, so a change of state is work for the node where it happens. */
  readonly compressed: readonly boolean[];
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

/** Sums of measured numbers that should meet a limit exactly miss it by rounding; this much is forgiven. */
export const ROUNDING = 1e-12;

/** A bound is one only below the period: beyond it, messages of the next window come into the way. */
export const boundHoldsBelowS = (network: Network): number => network.lab.job.period_s * (1 - ROUNDING);

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
