// A lab with indices instead of ids, and the channels its messages share. PLANNER.md sections 1 and 3.
import type { Lab, LabLink, LabNode } from './lab';

/**
 * What one message at a time may use: a half-duplex link, one direction of a full-duplex link, or a medium.
 * A medium's own load and background message count for all links on it.
 */
export interface Channel {
  readonly load: number;
  readonly backgroundS: number;
}

/** A link passed in one direction; all fields are indices. */
export interface Crossing {
  readonly link: number;
  readonly from: number;
  readonly to: number;
  readonly channel: number;
}

export interface Network {
  readonly lab: Lab;
  /** λ: windows per second. */
  readonly ratePerS: number;
  readonly channels: readonly Channel[];
  /** By node: the crossings that leave it. */
  readonly leaving: readonly (readonly Crossing[])[];
  /** By sensor: M_s, raw bytes of one message. */
  readonly messageB: readonly number[];
  /** By sensor and consumer: the node it sits on. */
  readonly sensorNode: readonly number[];
  readonly consumerNode: readonly number[];
  indexOf(nodeId: string): number;
}

export function networkOf(lab: Lab): Network {
  const index = new Map(lab.nodes.map((node, i) => [node.id, i]));
  const indexOf = (id: string): number => {
    const found = index.get(id);
    if (found === undefined) throw new Error(`the lab was checked, yet there is no node ${id}`);
    return found;
  };
  const channels: Channel[] = lab.media.map((medium) => ({ load: medium.load, backgroundS: medium.bg_msg_s }));
  const medium = new Map(lab.media.map((each, i) => [each.id, i]));
  const leaving: Crossing[][] = lab.nodes.map(() => []);
  for (const [link, each] of lab.links.entries()) {
    const a = indexOf(each.a);
    const b = indexOf(each.b);
    const own = { load: each.load, backgroundS: each.bg_msg_s };
    const there = each.medium === undefined ? channels.push(own) - 1 : (medium.get(each.medium) ?? -1);
    const back = each.medium === undefined && !each.shared ? channels.push(own) - 1 : there;
    leaving[a]?.push({ link, from: a, to: b, channel: there });
    leaving[b]?.push({ link, from: b, to: a, channel: back });
  }
  return {
    lab,
    ratePerS: 1 / lab.job.period_s,
    channels,
    leaving,
    messageB: lab.sensors.map((sensor) => sensor.rate_hz * sensor.bytes_per_sample * lab.job.period_s),
    sensorNode: lab.sensors.map((sensor) => indexOf(sensor.node)),
    consumerNode: lab.consumers.map((consumer) => indexOf(consumer.node)),
    indexOf,
  };
}

/** The entry of a list that an index of this network stands for. */
export function entry<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`index ${index} of ${list.length}`);
  return found;
}

export const nodeAt = (network: Network, node: number): LabNode => entry(network.lab.nodes, node);
export const linkAt = (network: Network, link: number): LabLink => entry(network.lab.links, link);
export const channelAt = (network: Network, channel: number): Channel => entry(network.channels, channel);
