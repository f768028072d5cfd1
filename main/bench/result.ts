// What a benchmark says: a value beside what it is to be compared with, measured in the same run or fixed as a limit.

export interface BenchResult {
  readonly name: string;
  /** Of what was worked on. */
  readonly size: string;
  readonly value: number;
  readonly unit: string;
  /** Another program or part, measured in turn with this one; or a limit. */
  readonly peer: string;
  readonly peerValue: number;
  /** Above 1: better than the peer, whether that means more or less of the unit. */
  readonly ratio: number;
  /** Measurements that the median is of. */
  readonly runs: number;
}

export interface Peer {
  readonly name: string;
  readonly value: number;
}

interface Measured {
  readonly name: string;
  readonly size: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: number;
}

/** Of a rate: more is better. */
export function moreThan(peer: Peer, measured: Measured): BenchResult {
  return against(peer, measured, measured.value / peer.value);
}

/** Of a duration: less is better. */
export function lessThan(peer: Peer, measured: Measured): BenchResult {
  return against(peer, measured, peer.value / measured.value);
}

function against(peer: Peer, { name, size, value, unit, runs }: Measured, ratio: number): BenchResult {
  return { name, size, value, unit, peer: peer.name, peerValue: peer.value, ratio, runs };
}
