// Where on its one route a flow is compressed: every choice that no other choice beats. PLANNER.md sections 2 and 5.2.
// Labels walk the two layers (raw, compressed) of the route; a label beaten in time, cost, crossings and every limit is dropped.
import { codecS, type CodecStep, crossingCost, messageS, sensorWireB, workCost } from './terms';
import { type Crossing, entry, linkAt, type Network, nodeAt } from './network';
import type { Limit, Routes } from './limits';
import type { Route } from './routes';
import { unsupported } from './unsupported';

export interface Coding {
  /** By crossing. */
  readonly compressed: readonly boolean[];
  readonly timeS: number;
  readonly costPerH: number;
  readonly compressedCrossings: number;
  /** By limit: what this flow adds to its sum. */
  readonly use: readonly number[];
}

/** More undominated choices than any lab should have. */
const MAX_CODINGS = 5000;

/** For one sensor, in the order of `compareCodings`. */
export function codingsOf(network: Network, sensor: number, route: Route, limits: readonly Limit[]): Coding[] {
  const steps = new Steps(network, sensor, limits);
  let raw: Coding[] = [{ compressed: [], timeS: 0, costPerH: 0, compressedCrossings: 0, use: limits.map(() => 0) }];
  let packed: Coding[] = [];
  for (const crossing of route) {
    const stayRaw = [...raw, ...steps.code(packed, { node: crossing.from, kind: 'decompress' })];
    const bePacked = [...packed, ...steps.code(raw, { node: crossing.from, kind: 'compress' })];
    raw = undominated(steps.cross(stayRaw, crossing, false));
    packed = undominated(steps.cross(bePacked, crossing, true));
    if (raw.length + packed.length > MAX_CODINGS) {
      throw unsupported(`sensors[${sensor}]`, 'so many sensible ways to compress one flow along its route');
    }
  }
  const end = route.at(-1);
  const unpacked = end === undefined ? [] : steps.code(packed, { node: end.to, kind: 'decompress' });
  return undominated([...raw, ...unpacked]).sort(compareCodings);
}

/** Raw before compressed at the first crossing that differs. */
export function compareCodings(a: Coding, b: Coding): number {
  const at = a.compressed.findIndex((compressed, i) => compressed !== b.compressed[i]);
  return at < 0 ? 0 : a.compressed[at] === true ? 1 : -1;
}

/** Those that some choice could exceed, judged with every hop and codec at its worst. */
export function openLimits(network: Network, routes: Routes, limits: readonly Limit[]): Limit[] {
  return limits.filter((limit) => {
    const worst = routes.sensors.map((route, sensor) => worstUse(network, sensor, route, limit));
    return worst.reduce((sum, use) => sum + use, 0) > limit.room + limit.slack;
  });
}

function worstUse(network: Network, sensor: number, route: Route, limit: Limit): number {
  const nodes = route.length === 0 ? [] : [entry(route, 0).from, ...route.map(({ to }) => to)];
  let use = 0;
  for (const crossing of route) {
    use += Math.max(limit.hop(sensor, crossing, false), limit.hop(sensor, crossing, true));
  }
  for (const node of nodes) {
    const compress = canCompress(network, sensor, node) ? limit.codec(sensor, { node, kind: 'compress' }) : 0;
    const decompress = canDecompress(network, node) ? limit.codec(sensor, { node, kind: 'decompress' }) : 0;
    use += Math.max(compress, decompress);
  }
  return use;
}

function canCompress(network: Network, sensor: number, node: number): boolean {
  const { ratio } = entry(network.lab.sensors, sensor);
  const allowed = network.lab.options.compression && ratio !== undefined;
  return allowed && nodeAt(network, node).compress_Bps !== undefined;
}

const canDecompress = (network: Network, node: number): boolean => nodeAt(network, node).decompress_Bps !== undefined;

/** What one flow's crossings and codec work add to a coding. */
class Steps {
  constructor(
    private readonly network: Network,
    private readonly sensor: number,
    private readonly limits: readonly Limit[],
  ) {}

  cross(codings: readonly Coding[], crossing: Crossing, compressed: boolean): Coding[] {
    const { network, sensor } = this;
    const wireB = sensorWireB(network, sensor, crossing, compressed);
    const seconds = messageS(network, crossing, wireB) + linkAt(network, crossing.link).latency_s;
    const { costPerH } = crossingCost(network, crossing, wireB);
    const use = this.limits.map((limit) => limit.hop(sensor, crossing, compressed));
    const step = { seconds, costPerH, compressedCrossings: compressed ? 1 : 0, use };
    return codings.map((coding) => grown(coding, step, [...coding.compressed, compressed]));
  }

  /** None where the node has no such codec. */
  code(codings: readonly Coding[], codec: CodecStep): Coding[] {
    const { network, sensor } = this;
    const able =
      codec.kind === 'compress' ? canCompress(network, sensor, codec.node) : canDecompress(network, codec.node);
    if (!able) return [];
    const seconds = codecS(network, sensor, codec);
    const { costPerH } = workCost(network, codec.node, seconds);
    const use = this.limits.map((limit) => limit.codec(sensor, codec));
    const step = { seconds, costPerH, compressedCrossings: 0, use };
    return codings.map((coding) => grown(coding, step, coding.compressed));
  }
}

interface Step {
  readonly seconds: number;
  readonly costPerH: number;
  readonly compressedCrossings: number;
  readonly use: readonly number[];
}

function grown(coding: Coding, step: Step, compressed: readonly boolean[]): Coding {
  return {
    compressed,
    timeS: coding.timeS + step.seconds,
    costPerH: coding.costPerH + step.costPerH,
    compressedCrossings: coding.compressedCrossings + step.compressedCrossings,
    use: coding.use.map((sum, k) => sum + entry(step.use, k)),
  };
}

function undominated(codings: Coding[]): Coding[] {
  return codings.filter((coding) => !codings.some((other) => other !== coding && dominates(other, coding)));
}

/** At least as good in everything, and before it in the order of ties. */
function dominates(a: Coding, b: Coding): boolean {
  if (a.timeS > b.timeS || a.costPerH > b.costPerH || a.compressedCrossings > b.compressedCrossings) return false;
  if (a.use.some((use, k) => use > entry(b.use, k))) return false;
  return a.compressedCrossings < b.compressedCrossings || compareCodings(a, b) < 0;
}
