// lab.json: one lab and one job, checked and with every default filled in. PLANNER.md section 1.
// SI units everywhere, as the end of each field's name says; whatever is not in the table is refused with its JSON path.
import { z } from 'zod';
import { faultAt, faultOfIssue } from './lab-fault';
import { brokenReference } from './lab-references';
import { syntaxFault } from './json-place';

/** Zero or more, finite. */
const amount = z.number().nonnegative();
const positive = z.number().positive();
/** Share of time already taken. */
const load = z.number().min(0).lt(1).default(0);
const id = z.string().min(1).max(200);

const optionsSchema = z.strictObject({
  /** 1: speed only, 0: cost only. */
  w: z.number().min(0).max(1).default(1),
  t_ref_s: positive.default(1),
  c_ref_per_h: positive.default(1),
  queue: z.enum(['none', 'node', 'md1']).default('md1'),
  deadline_on: z.enum(['bound', 'mean']).default('bound'),
  rho_max: amount.default(0.95),
  price_per_kwh: amount.default(0),
  compression: z.boolean().default(true),
  count_input_buffers: z.boolean().default(true),
  latency: z.enum(['max', 'mean']).default('max'),
});

const jobSchema = z.strictObject({
  period_s: positive,
  result_bytes: amount.default(0),
  ram_bytes: amount.default(0),
  flash_bytes: amount.default(0),
  macs: amount.default(0),
  layers: amount.default(0),
  pre_ops: amount.default(0),
});

/** The cost model of a node whose inference was not measured as a whole. */
const TIME_FIELDS = ['fixed_s', 'layer_s', 'mac_s', 'op_s'] as const;

const nodeSchema = z
  .strictObject({
    id,
    infer_s: amount.optional(),
    fixed_s: amount.optional(),
    layer_s: amount.optional(),
    mac_s: amount.optional(),
    op_s: amount.optional(),
    can_compute: z.boolean().default(true),
    forward: z.boolean().default(true),
    required: z.boolean().default(false),
    ram_free: amount.default(Infinity),
    flash_free: amount.default(Infinity),
    load,
    /** Absent: as long as one window of this job. */
    bg_task_s: amount.optional(),
    /** Absent: this node has no codec. */
    compress_Bps: positive.optional(),
    decompress_Bps: positive.optional(),
    idle_w: amount.default(0),
    active_w: amount.default(0),
    /** Absent: active_w for the time of one window. */
    energy_inf_j: amount.optional(),
    money_per_h: amount.default(0),
    depends_on: z.array(id).max(1000).default([]),
  })
  .superRefine((node, context) => {
    const timed = node.infer_s !== undefined || TIME_FIELDS.some((field) => node[field] !== undefined);
    if (node.can_compute && !timed) {
      const message = 'a node that can compute needs the time of one window (or fixed_s, layer_s, mac_s, op_s)';
      context.addIssue({ code: 'custom', path: ['infer_s'], message });
    }
  });

const linkSchema = z
  .strictObject({
    id,
    a: id,
    b: id,
    bandwidth_Bps: positive,
    latency_s: amount.default(0),
    overhead_B: amount.default(0),
    /** true: half duplex. */
    shared: z.boolean().default(true),
    load,
    bg_msg_s: amount.default(0),
    medium: id.optional(),
    energy_J_per_B: amount.default(0),
    money_per_B: amount.default(0),
    money_per_h: amount.default(0),
    required: z.boolean().default(false),
  })
  .refine((link) => link.a !== link.b, { path: ['b'], message: 'a link joins two different nodes' });

const mediumSchema = z.strictObject({ id, load, bg_msg_s: amount.default(0) });

const sensorSchema = z.strictObject({
  id,
  node: id,
  rate_hz: amount,
  bytes_per_sample: amount,
  /** Compressed by raw size. Absent: cannot be compressed. */
  ratio: amount.optional(),
});

const consumerSchema = z.strictObject({ id, node: id, deadline_s: amount.default(Infinity) });

const labSchema = z.strictObject({
  options: optionsSchema.prefault({}),
  job: jobSchema,
  nodes: z.array(nodeSchema).min(1).max(200_000),
  links: z.array(linkSchema).max(1_000_000).default([]),
  media: z.array(mediumSchema).max(200_000).default([]),
  sensors: z.array(sensorSchema).min(1).max(1000),
  consumers: z.array(consumerSchema).min(1).max(1000),
});

/** As a file holds it: what has a default may be left out. */
export type LabFile = z.input<typeof labSchema>;
/** Checked, every default filled in; unlimited is Infinity. */
export type Lab = z.output<typeof labSchema>;
export type LabNode = Lab['nodes'][number];
export type LabLink = Lab['links'][number];

/** Characters; a campus of 10^5 nodes and 3·10^5 links takes about a third. */
const MAX_TEXT = 128 * 2 ** 20;

/** The lab a text holds. Throws InputFault with file, line, column and JSON path. */
export function parseLab(text: string, file?: string): Lab {
  if (text.length > MAX_TEXT) throw faultAt('', file, [], 'the file is too long for a lab (limit 128 MB)');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw syntaxFault(text, file);
  }
  return checkLab(value, text, file);
}

/** The same for a lab made in the program. */
export function labOf(value: LabFile): Lab {
  return checkLab(value, '', undefined);
}

function checkLab(value: unknown, text: string, file: string | undefined): Lab {
  const checked = labSchema.safeParse(value, { reportInput: true });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    if (issue === undefined) throw new Error('a refusal without a reason');
    throw faultOfIssue(text, file, issue);
  }
  const broken = brokenReference(checked.data);
  if (broken !== undefined) throw faultAt(text, file, broken.path, broken.message);
  return checked.data;
}
