// The specification read literally, for the tests only: every node, every way to compress every route, everything summed anew each time.
// Shares no code with the planner; slow and obvious on purpose. Single-route labs, no queues (PLANNER.md sections 2 to 4).
import type { Lab } from '../../../main/planner/lab';

export interface Answer {
  compute?: string;
  J?: number;
  latency?: number;
  cost?: number;
  routes?: Record<string, [string, number][]>;
  used?: string[];
  redundantLinks?: string[];
  bounds?: Record<string, number | null>;
  rejected: Record<string, string>;
  missedBy: Record<string, number>;
  /** Of every node that can do it. */
  objectives: Record<string, number>;
  watts?: number;
  nodeUse?: Record<string, number>;
  linkUse?: Record<string, number>;
}

type Hop = { link: Lab['links'][number]; from: string; to: string };
type Flow = { name: string; hops: Hop[]; bytes: number; ratio: number };
type Plan = {
  J: number;
  L: number;
  C: number;
  marks: number[][];
  late: number;
  timely: boolean;
  linkExcess: number;
  nodeExcess: number;
  bounds: (number | null)[];
  watts: number;
  nodeUse: Record<string, number>;
  linkUse: Record<string, number>;
};

const TIGHT = 1e-12;

export function bruteForce(lab: Lab): Answer {
  const answer: Answer = { rejected: {}, missedBy: {}, objectives: {} };
  const { job, options } = lab;
  const T = job.period_s;
  const messages = lab.sensors.map((s) => s.rate_hz * s.bytes_per_sample * T);
  const best: { node: string; flows: Flow[]; plan: Plan }[] = [];
  const rhoLimit = Math.min(options.rho_max, 1);
  const over = (rho: number): boolean => rho > options.rho_max + TIGHT || rho >= 1 - TIGHT;
  const fits = (excess: number): boolean => excess === -Infinity || !over(excess + rhoLimit);

  for (const x of lab.nodes) {
    const tx = inferTime(lab, x);
    const ram = job.ram_bytes + (options.count_input_buffers ? messages.reduce((a, b) => a + b, 0) : 0);
    const reject = (reason: string, missed?: number): void => {
      answer.rejected[x.id] = reason;
      if (missed !== undefined) answer.missedBy[x.id] = missed;
    };
    if (!x.can_compute) reject('no_compute');
    else if (ram > x.ram_free * (1 + TIGHT)) reject('ram', ram - x.ram_free);
    else if (job.flash_bytes > x.flash_free * (1 + TIGHT)) reject('flash', job.flash_bytes - x.flash_free);
    else if (over(x.load + tx / T)) reject('cpu', x.load + tx / T - rhoLimit);
    if (answer.rejected[x.id] !== undefined) continue;

    const flows: (Flow | undefined)[] = [
      ...lab.sensors.map((s, i) => flow(lab, `s:${s.id}`, s.node, x.id, messages[i] ?? 0, s.ratio ?? Infinity)),
      ...lab.consumers.map((c) => flow(lab, `c:${c.id}`, x.id, c.node, job.result_bytes, Infinity)),
    ];
    if (flows.includes(undefined)) {
      reject('unreachable');
      continue;
    }
    const known = flows as Flow[];
    const plans = everyMarking(lab, known).map((marks) => price(lab, x, tx, known, marks));
    const fitting = plans.filter((p) => fits(p.linkExcess) && fits(p.nodeExcess));
    const timely = fitting.filter((p) => p.timely);
    if (fitting.length === 0) {
      reject('link_capacity', Math.min(...plans.filter((p) => fits(p.nodeExcess)).map((p) => p.linkExcess)));
    } else if (timely.length === 0) {
      reject('deadline', Math.min(...fitting.map((p) => p.late)));
    } else {
      const least = Math.min(...timely.map((p) => p.J));
      answer.objectives[x.id] = least;
      for (const plan of timely.filter((p) => p.J <= least * (1 + 1e-9))) best.push({ node: x.id, flows: known, plan });
    }
  }

  const least = Math.min(...Object.values(answer.objectives));
  const tied = best.filter(({ plan }) => plan.J <= least * (1 + 1e-9));
  tied.sort((a, b) => {
    if (a.node !== b.node) return a.node < b.node ? -1 : 1; // the generator's ids are ASCII
    const compressed = (p: Plan): number => p.marks.flat().reduce((sum, mark) => sum + mark, 0);
    if (compressed(a.plan) !== compressed(b.plan)) return compressed(a.plan) - compressed(b.plan);
    const order = a.flows.map((f, i) => [f.name, i] as const).sort(([p], [q]) => (p < q ? -1 : 1));
    for (const [, i] of order) {
      const [p, q] = [String(a.plan.marks[i]), String(b.plan.marks[i])];
      if (p !== q) return p < q ? -1 : 1;
    }
    return 0;
  });
  const first = tied[0];
  if (first === undefined) return answer;
  const used = usedOf(lab, first.node, first.flows);
  return {
    ...answer,
    compute: first.node,
    J: first.plan.J,
    latency: first.plan.L,
    cost: first.plan.C,
    routes: Object.fromEntries(
      first.flows.map((f, i) => [f.name, f.hops.map((h, k) => [h.link.id, first.plan.marks[i]?.[k] ?? 0])]),
    ),
    used: lab.nodes.map((n) => n.id).filter((id) => used.has(id)),
    redundantLinks: lab.links
      .filter((l) => !l.required && !first.flows.some((f) => f.hops.some((h) => h.link.id === l.id)))
      .map((l) => l.id),
    watts: first.plan.watts,
    nodeUse: first.plan.nodeUse,
    linkUse: first.plan.linkUse,
    bounds: Object.fromEntries(lab.consumers.map((c, i) => [c.id, first.plan.bounds[i] ?? null])),
  };
}

function inferTime({ job }: Lab, n: Lab['nodes'][number]): number {
  if (n.infer_s !== undefined) return n.infer_s;
  return (n.fixed_s ?? 0) + (n.layer_s ?? 0) * job.layers + (n.mac_s ?? 0) * job.macs + (n.op_s ?? 0) * job.pre_ops;
}

function flow(lab: Lab, name: string, from: string, to: string, bytes: number, ratio: number): Flow | undefined {
  const ways: Hop[][] = [];
  const walk = (at: string, hops: Hop[], seen: string[]): void => {
    if (at === to) {
      ways.push(hops);
      return;
    }
    if (at !== from && lab.nodes.find((n) => n.id === at)?.forward !== true) return;
    for (const link of lab.links) {
      const next = link.a === at ? link.b : link.b === at ? link.a : undefined;
      if (next !== undefined && !seen.includes(next))
        walk(next, [...hops, { link, from: at, to: next }], [...seen, next]);
    }
  };
  walk(from, [], [from]);
  if (ways.length > 1) throw new Error('the generator made a lab with several routes');
  return ways[0] === undefined ? undefined : { name, hops: ways[0], bytes, ratio };
}

/** Every way to mark the hops of every flow as raw (0) or compressed (1) that the nodes' codecs allow. */
function everyMarking(lab: Lab, flows: Flow[]): number[][][] {
  let all: number[][][] = [[]];
  for (const f of flows) {
    const own: number[][] = [];
    for (let bits = 0; bits < 2 ** f.hops.length; bits++) {
      const marks = f.hops.map((_, i) => (bits >> i) & 1);
      const allowed = bits === 0 || (lab.options.compression && f.ratio !== Infinity);
      if (allowed && codecWork(lab, f, marks).every(({ seconds }) => seconds < Infinity)) own.push(marks);
    }
    all = all.flatMap((head) => own.map((marks) => [...head, marks]));
  }
  return all;
}

function codecWork(lab: Lab, f: Flow, marks: number[]): { node: string; seconds: number }[] {
  const work: { node: string; seconds: number }[] = [];
  const states = [0, ...marks, 0];
  const nodes = [...f.hops.map((h) => h.from), f.hops.at(-1)?.to ?? ''];
  nodes.forEach((node, i) => {
    const n = lab.nodes.find((each) => each.id === node);
    const [before, after] = [states[i] ?? 0, states[i + 1] ?? 0];
    if (before < after)
      work.push({ node, seconds: n?.compress_Bps === undefined ? Infinity : f.bytes / n.compress_Bps });
    if (before > after)
      work.push({ node, seconds: n?.decompress_Bps === undefined ? Infinity : f.bytes / n.decompress_Bps });
  });
  return work;
}

function usedOf(lab: Lab, x: string, flows: Flow[]): Set<string> {
  const used = new Set([x, ...lab.sensors.map((s) => s.node), ...lab.consumers.map((c) => c.node)]);
  lab.nodes.filter((n) => n.required).forEach((n) => used.add(n.id));
  flows.forEach((f) => f.hops.forEach((h) => used.add(h.from).add(h.to)));
  for (let before = 0; before < used.size;) {
    before = used.size;
    lab.nodes.filter((n) => used.has(n.id)).forEach((n) => n.depends_on.forEach((id) => used.add(id)));
  }
  return used;
}

function price(lab: Lab, x: Lab['nodes'][number], tx: number, flows: Flow[], marks: number[][]): Plan {
  const { options } = lab;
  const T = lab.job.period_s;
  const lambda = 1 / T;
  const wire = (f: Flow, i: number, h: Hop): number =>
    (marks[flows.indexOf(f)]?.[i] === 1 ? f.ratio : 1) * f.bytes + h.link.overhead_B;
  const seconds = (f: Flow, i: number, h: Hop): number => wire(f, i, h) / h.link.bandwidth_Bps;
  const work = flows.map((f, i) => codecWork(lab, f, marks[i] ?? []));

  const lane = (h: Hop): string =>
    h.link.medium !== undefined ? `medium ${h.link.medium}` : h.link.shared ? h.link.id : `${h.link.id} from ${h.from}`;
  const background = (h: Hop): { u: number; g: number } => {
    const medium = lab.media.find((m) => m.id === h.link.medium);
    const { load, bg_msg_s } = medium ?? h.link;
    return { u: load, g: load > 0 ? bg_msg_s : 0 };
  };
  const onLane = new Map<string, number>();
  for (const f of flows) f.hops.forEach((h, i) => onLane.set(lane(h), (onLane.get(lane(h)) ?? 0) + seconds(f, i, h)));
  const limit = Math.min(options.rho_max, 1);
  const linkExcess = Math.max(
    -Infinity,
    ...flows.flatMap((f) => f.hops.map((h) => background(h).u + lambda * (onLane.get(lane(h)) ?? 0) - limit)),
  );
  const codecAt = (node: string): number => work.flat().reduce((sum, w) => sum + (w.node === node ? w.seconds : 0), 0);
  const nodeExcess = Math.max(
    -Infinity,
    ...[...work.flat().map((w) => w.node), x.id].map((id) => {
      const n = lab.nodes.find((each) => each.id === id);
      return (n?.load ?? 0) + lambda * codecAt(id) + (id === x.id ? lambda * tx : 0) - limit;
    }),
  );

  const nodeUse = Object.fromEntries(
    lab.nodes.map((n) => [n.id, n.load + lambda * (codecAt(n.id) + (n.id === x.id ? tx : 0))]),
  );
  const linkUse = Object.fromEntries(
    lab.links.map((link) => {
      const ways = [link.a, link.b].map((from) => ({ link, from, to: '' }));
      return [link.id, Math.max(...ways.map((h) => background(h).u + lambda * (onLane.get(lane(h)) ?? 0)))];
    }),
  );

  const path = (f: Flow): number =>
    f.hops.reduce((sum, h, i) => sum + seconds(f, i, h) + h.link.latency_s, 0) +
    (work[flows.indexOf(f)] ?? []).reduce((sum, w) => sum + w.seconds, 0);
  const bound = (f: Flow): number =>
    f.hops.reduce(
      (sum, h) => sum + ((onLane.get(lane(h)) ?? 0) + background(h).g) / (1 - background(h).u) + h.link.latency_s,
      0,
    ) + (work[flows.indexOf(f)] ?? []).reduce((sum, w) => sum + (w.node === x.id ? 0 : w.seconds), 0);
  const sensorFlows = flows.filter((f) => f.name.startsWith('s:'));
  const consumerFlows = flows.filter((f) => f.name.startsWith('c:'));
  const gx = x.load > 0 ? (x.bg_task_s ?? tx) : 0;
  const means = consumerFlows.map((f) => Math.max(...sensorFlows.map(path)) + tx + path(f));
  const bounds = consumerFlows.map(
    (f) => Math.max(...sensorFlows.map(bound)) + (tx + codecAt(x.id) + gx) / (1 - x.load) + bound(f),
  );
  const late = Math.max(
    ...lab.consumers.map((c, i) => {
      if (c.deadline_s === Infinity) return -Infinity;
      if (options.deadline_on === 'mean') return (means[i] ?? 0) - c.deadline_s;
      return (bounds[i] ?? 0) - Math.min(c.deadline_s, T);
    }),
  );

  const timely = lab.consumers.every((c, i) => {
    if (options.deadline_on === 'mean') return (means[i] ?? 0) <= c.deadline_s + TIGHT;
    return c.deadline_s === Infinity || ((bounds[i] ?? 0) <= c.deadline_s + TIGHT && (bounds[i] ?? 0) < T - TIGHT);
  });

  const used = usedOf(lab, x.id, flows);
  let watts = lambda * (x.energy_inf_j ?? x.active_w * tx);
  let money = 0;
  for (const n of lab.nodes.filter((each) => used.has(each.id))) {
    watts += n.idle_w;
    money += n.money_per_h;
  }
  for (const l of lab.links) {
    if (l.required || flows.some((f) => f.hops.some((h) => h.link.id === l.id))) money += l.money_per_h;
  }
  for (const f of flows) {
    f.hops.forEach((h, i) => {
      money += 3600 * lambda * h.link.money_per_B * wire(f, i, h);
      watts += lambda * h.link.energy_J_per_B * wire(f, i, h);
    });
  }
  for (const w of work.flat()) watts += lambda * (lab.nodes.find((n) => n.id === w.node)?.active_w ?? 0) * w.seconds;
  const C = money + (options.price_per_kwh / 1000) * watts;
  const L = options.latency === 'max' ? Math.max(...means) : means.reduce((a, b) => a + b, 0) / means.length;
  const J = (options.w * L) / options.t_ref_s + ((1 - options.w) * C) / options.c_ref_per_h;
  return {
    J,
    L,
    C,
    marks,
    late,
    timely,
    watts,
    nodeUse,
    linkUse,
    linkExcess,
    nodeExcess,
    bounds: bounds.map((b) => (b < T - TIGHT ? b : null)),
  };
}
