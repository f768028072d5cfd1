// The plan in words a lab technician understands: one paragraph, and one sentence for each rejected node. PLANNER.md section 6.
import type { MissedBy, Reason } from './candidate';
import type { Parts } from './cost';
import { list, moneyPerHour, quantity } from './format';
import type { Lab } from './lab';
import { type Network, networkOf, nodeAt } from './network';
import type { FeasiblePlan, PlanResult, RankedCandidate } from './plan';
import { TIE } from './selection';
import { computeS } from './terms';

export interface Explanation {
  readonly paragraph: string;
  /** By node id. */
  readonly rejected: Readonly<Record<string, string>>;
}

/** `nameOf`: what people call a node; its id where they call it nothing else. */
export function explain(lab: Lab, result: PlanResult, nameOf: (id: string) => string = (id) => id): Explanation {
  const network = networkOf(lab);
  const rejected = Object.fromEntries(
    Object.entries(result.rejected).map(([id, reason]) => [
      id,
      rejection(network, id, nameOf(id), reason, result.missed_by[id]),
    ]),
  );
  const sentences = result.feasible
    ? [...choice(lab, result, nameOf), ...runnerUp(lab, result, nameOf), ...savings(result, nameOf)]
    : ['No node of this lab can be the compute point: each has something against it.'];
  return { paragraph: [...sentences, ...result.notes].join(' '), rejected };
}

function choice(lab: Lab, result: FeasiblePlan, nameOf: (id: string) => string): string[] {
  const best = result.candidates[0];
  const { w } = lab.options;
  const judged =
    w === 1
      ? 'Judged by speed alone'
      : w === 0
        ? 'Judged by cost alone'
        : `With ${quantity(w, 'share')} of the weight on speed and the rest on cost`;
  const sentences = [
    `${judged}, ${nameOf(result.compute)} is the best single compute point: ` +
      `a prediction is there ${quantity(result.latency_s, 's')} after its window is complete.`,
  ];
  const times = best === undefined ? [] : largestParts(best.parts);
  if (times.length > 0) sentences.push(`Most of that is ${list(times)}.`);
  if (w < 1 || result.cost_per_h > 0) sentences.push(`Running it costs ${moneyPerHour(result.cost_per_h)}.`);
  const compressed = lab.links.filter(({ id }) =>
    Object.values(result.routes).some((route) => route.some(([link, packed]) => link === id && packed === 1)),
  );
  if (compressed.length > 0) sentences.push(`Data travel compressed on ${list(compressed.map(({ id }) => id))}.`);
  return sentences;
}

function runnerUp(lab: Lab, result: FeasiblePlan, nameOf: (id: string) => string): string[] {
  const [best, second] = result.candidates;
  const rejected = Object.keys(result.rejected).length;
  if (best === undefined || second === undefined) {
    return rejected === 0 ? [] : [`No other node could do it (${rejected} rejected).`];
  }
  const name = nameOf(second.node);
  if (Math.abs(second.J - best.J) <= TIE * Math.max(best.J, second.J)) {
    return [`${name} would do equally well; between equals the name that sorts first is taken.`];
  }
  const times = largestParts(second.parts);
  const cost = lab.options.w < 1 ? ` and cost ${moneyPerHour(second.cost_per_h)}` : '';
  const mostly = times.length > 0 ? `, mostly for ${list(times)}` : '';
  return [`Next best is ${name}: it would take ${quantity(second.latency_s, 's')}${cost}${mostly}.`];
}

function savings(result: FeasiblePlan, nameOf: (id: string) => string): string[] {
  const spare = [...result.redundant_nodes.map(nameOf), ...result.redundant_links.map((id) => `link ${id}`)];
  return spare.length === 0 ? [] : [`Not needed by this plan: ${list(spare)}.`];
}

const PART_WORDS: Readonly<Record<keyof Parts, string>> = {
  buffer: 'waiting to be computed',
  preprocess: 'preprocessing',
  encode: 'compressing',
  link_wait: 'waiting for links',
  link: 'bringing the data to it',
  decode: 'decompressing',
  infer: 'computing',
  return: 'bringing the result to where it is needed',
};

/** The fewest parts that make up nine tenths of the time. */
function largestParts(parts: RankedCandidate['parts']): string[] {
  const names = Object.keys(PART_WORDS) as (keyof Parts)[];
  const total = names.reduce((sum, name) => sum + parts[name], 0);
  const words: string[] = [];
  let covered = 0;
  for (const name of names.sort((a, b) => parts[b] - parts[a])) {
    if (covered >= 0.9 * total) break;
    covered += parts[name];
    words.push(`${PART_WORDS[name]} (${quantity(parts[name], 's')})`);
  }
  return words;
}

function rejection(network: Network, id: string, name: string, reason: Reason, missed: MissedBy | undefined): string {
  const { job, options, consumers } = network.lab;
  const node = nodeAt(network, network.indexOf(id));
  const amount = missed === undefined ? '' : quantity(missed.amount, missed.unit);
  const allowed = quantity(Math.min(options.rho_max, 1), 'share');
  switch (reason) {
    case 'no_compute':
      return `${name} does not compute (can_compute is false).`;
    case 'ram': {
      const neededB = node.ram_free + (missed?.amount ?? 0);
      const what = options.count_input_buffers ? 'the model and its input buffers need' : 'the model needs';
      return `${name} lacks ${amount} of RAM: ${what} ${quantity(neededB, 'B')}, ${quantity(node.ram_free, 'B')} are free.`;
    }
    case 'flash':
      return `${name} lacks ${amount} of flash: the model needs ${quantity(job.flash_bytes, 'B')}, ${quantity(node.flash_free, 'B')} are free.`;
    case 'cpu': {
      const busy = node.load > 0 ? ` and other work takes ${quantity(node.load, 'share')} of its time` : '';
      return (
        `${name} is too slow: a window comes every ${quantity(job.period_s, 's')}, computing one takes ` +
        `${quantity(computeS(network, node), 's')}${busy}; that is ${amount} of its time more than the ${allowed} allowed.`
      );
    }
    case 'unreachable':
      return `${name} has no route from every sensor and to every consumer over nodes that forward.`;
    case 'link_capacity':
      return `The links cannot carry the data to ${name} and the results from it: even coded as well as possible, the busiest would be used ${amount} more than the ${allowed} allowed.`;
    case 'deadline': {
      const kind = options.deadline_on === 'bound' ? 'in the worst case' : 'on average';
      const limits = consumers.filter(({ deadline_s }) => deadline_s < Infinity);
      const names = limits.map((consumer) => `${consumer.id} ${quantity(consumer.deadline_s, 's')}`);
      const beyond =
        options.deadline_on === 'bound' && limits.every(({ deadline_s }) => deadline_s > job.period_s)
          ? ` The worst case is only known below the period of ${quantity(job.period_s, 's')}.`
          : '';
      return `${name} would be ${amount} late ${kind} (deadline of ${list(names)}).${beyond}`;
    }
    default:
      return reason satisfies never;
  }
}
