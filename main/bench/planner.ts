// The planner on a tree of 20 nodes with codecs on the way, beside the time that a dragged slider leaves.
import { Random } from '../../model/random';
import { type LabFile, labOf } from '../planner/lab';
import { plan } from '../planner/plan';
import { type Budget, race } from './race';
import { type BenchResult, lessThan } from './result';

const NODES = 20;
const LIMIT_MS = 50;

export function planner(budget: Budget): BenchResult[] {
  const lab = labOf(tree(NODES));
  const { medianS, runs } = race([() => void plan(lab)], budget);
  const value = (medianS[0] ?? NaN) * 1e3;
  const size = `tree of ${NODES} nodes, 3 sensors`;
  return [lessThan({ name: 'limit', value: LIMIT_MS }, { name: 'plan', size, value, unit: 'ms', runs })];
}

/** A host, gateways behind it and boards behind those; three boards measure, people look at the host. */
export function tree(count: number): LabFile {
  const random = new Random(1);
  const between = (low: number, high: number): number => low * (high / low) ** random.uniform();
  const id = (i: number): string => `n${i}`;
  const parentOf = (i: number): number => (i - 1) >> 1;
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: id(i),
    infer_s: between(1e-4, 0.1),
    compress_Bps: between(1e5, 1e7),
    decompress_Bps: between(1e5, 1e7),
    ram_free: between(1e3, 1e6),
    idle_w: between(0.05, 5),
    active_w: between(0.05, 20),
  }));
  const links = nodes.slice(1).map((_, i) => ({
    id: `l${i + 1}`,
    a: id(parentOf(i + 1)),
    b: id(i + 1),
    bandwidth_Bps: between(5e3, 1e6),
    latency_s: between(1e-4, 1e-2),
  }));
  const sensors = [count - 1, count - 2, count - 3].map((i) => ({
    id: `s${i}`,
    node: id(i),
    rate_hz: 100,
    bytes_per_sample: 12,
    ratio: 0.5,
  }));
  return {
    options: { queue: 'none', w: 0.5, price_per_kwh: 0.3 },
    job: { period_s: 1, result_bytes: 8, ram_bytes: 500 },
    nodes,
    links,
    sensors,
    consumers: [{ id: 'screen', node: id(0), deadline_s: 0.9 }],
  };
}
