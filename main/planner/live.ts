// The lab that is plugged in, from what was measured: the laptop and its boards in a star of serial links. PLANNER.md sections 1 and 6.
// A window is one reading here. The screen of the laptop is the consumer.
import { type Lab, type LabFile, labOf } from './lab';

export type Source = 'measured' | 'calibrated' | 'entered' | 'guessed';

export interface Measure {
  readonly value: number;
  /** The value is believed to lie within ± this, in the value's unit. */
  readonly spread: number;
  readonly count: number;
  readonly source: Source;
}

/** Watts; without them the live plan is about speed only and costs nothing. */
interface Powered {
  readonly idleW?: Measure | undefined;
  /** Besides idling, while it computes. */
  readonly activeW?: Measure | undefined;
}

export interface MeasuredLaptop extends Powered {
  readonly id: string;
  readonly inferS: Measure;
  readonly load?: Measure | undefined;
}

export interface MeasuredBoard extends Powered {
  readonly id: string;
  /** Time of one inference there. Absent: it cannot run this model. */
  readonly inferS?: Measure | undefined;
  readonly goodputBps: Measure;
  /** One way, without the time the bytes take: see `oneWayLatencyS`. */
  readonly latencyS: Measure;
  /** The largest model image it holds. */
  readonly modelCapacityB?: Measure | undefined;
  /** Share of its time that measuring and sending take. */
  readonly load?: Measure | undefined;
}

export interface LiveSetup {
  readonly laptop: MeasuredLaptop;
  readonly boards: readonly MeasuredBoard[];
  /** Id of the board whose readings are predicted. */
  readonly sensing: string;
  readonly readingsPerSecond: Measure;
  /** One reading as it stands on the wire, framing included, without a result. */
  readonly readingB: Measure;
  /** What a result adds to the frame of its reading. */
  readonly resultB: Measure;
  /** The model image that a board must hold. */
  readonly modelB: Measure;
  /** 1: speed only, 0: cost only. */
  readonly speedWeight?: number | undefined;
  readonly pricePerKwh?: Measure | undefined;
}

/** A number of the lab and where it comes from. */
export interface LabNumber extends Measure {
  readonly path: string;
  readonly name: string;
  readonly unit: string;
}

export interface LiveLab {
  readonly lab: Lab;
  /** The same as a file that the command line plans. */
  readonly file: LabFile;
  readonly numbers: readonly LabNumber[];
  /** What a person should know about how the lab was modelled. */
  readonly notes: readonly string[];
}

/** Half the round trip of a message that is echoed, less the time its bytes take one way. */
export function oneWayLatencyS(roundTripS: number, messageB: number, goodputBps: number): number {
  return Math.max(0, roundTripS / 2 - messageB / goodputBps);
}

const WATCHED =
  'The board sends every reading in either case, because people watch them; a result from the board comes in the frame of its reading and is counted with that whole frame.';
const OTHERS = 'Other boards do not take readings of this one yet, so they are not candidates.';

/**
 * The readings travel whatever is decided. So a result made on the board arrives when its frame has arrived, readings and all:
 * that whole frame is the result's message. Made on the laptop, the frame without a result is the sensor's message.
 * `titleOf`: what people call a device.
 */
export function labFromMeasurements(setup: LiveSetup, titleOf: (id: string) => string = (id) => id): LiveLab {
  const { laptop, boards, sensing } = setup;
  const numbers: LabNumber[] = [];
  const take = (path: string, name: string, unit: string, measure: Measure): number => {
    numbers.push({ path, name, unit, ...measure });
    return measure.value;
  };
  const period = derived([setup.readingsPerSecond], (rate) => 1 / rate);
  const resultFrame = derived([setup.readingB, setup.resultB], (reading, result) => reading + result);

  /** The fields that were measured; what was not keeps the default of the lab file. */
  const measured = (
    index: number,
    device: MeasuredLaptop | MeasuredBoard,
    roomB?: Measure,
  ): Partial<LabFile['nodes'][number]> => {
    const title = titleOf(device.id);
    const fields: [field: string, name: string, unit: string, measure: Measure | undefined][] = [
      ['infer_s', `one inference on ${title}`, 's', device.inferS],
      ['ram_free', `room for a model on ${title}`, 'B', roomB],
      ['load', `load of ${title}`, 'share', device.load],
      ['idle_w', `${title} idling`, 'W', device.idleW],
      ['active_w', `${title} computing`, 'W', device.activeW],
    ];
    return Object.fromEntries(
      fields.flatMap(([field, name, unit, measure]) =>
        measure === undefined ? [] : [[field, take(`nodes[${index}].${field}`, name, unit, measure)]],
      ),
    );
  };
  const nodes: LabFile['nodes'] = [
    { id: laptop.id, required: true, ...measured(0, laptop) },
    ...boards.map((board, i) => ({
      id: board.id,
      forward: false,
      can_compute: board.id === sensing && board.inferS !== undefined,
      ...measured(i + 1, board, board.modelCapacityB),
    })),
  ];
  const links = boards.map((board, i) => ({
    id: `serial ${board.id}`,
    a: board.id,
    b: laptop.id,
    // A serial line has a wire for each direction.
    shared: false,
    bandwidth_Bps: take(`links[${i}].bandwidth_Bps`, `goodput of ${titleOf(board.id)}`, 'B/s', board.goodputBps),
    latency_s: take(`links[${i}].latency_s`, `one way to or from ${titleOf(board.id)}`, 's', board.latencyS),
  }));
  const file: LabFile = {
    // The firmware's buffers are apart from the room for a model.
    options: {
      queue: 'none',
      w: setup.speedWeight ?? 1,
      count_input_buffers: false,
      ...(setup.pricePerKwh && {
        price_per_kwh: take('options.price_per_kwh', 'electricity', 'per kWh', setup.pricePerKwh),
      }),
    },
    job: {
      period_s: take('job.period_s', 'time between readings', 's', period),
      result_bytes: take('job.result_bytes', 'a reading with its result on the wire', 'B', resultFrame),
      ram_bytes: take('job.ram_bytes', 'the model', 'B', setup.modelB),
    },
    nodes,
    links,
    sensors: [
      {
        id: 'readings',
        node: sensing,
        rate_hz: take('sensors[0].rate_hz', 'readings', 'Hz', setup.readingsPerSecond),
        bytes_per_sample: take('sensors[0].bytes_per_sample', 'a reading on the wire', 'B', setup.readingB),
      },
    ],
    consumers: [{ id: 'screen', node: laptop.id }],
  };
  return { lab: labOf(file), file, numbers, notes: boards.length > 1 ? [WATCHED, OTHERS] : [WATCHED] };
}

/** A number made of others is as good as the worst of them. */
function derived(from: readonly Measure[], formula: (...values: number[]) => number): Measure {
  const order: Source[] = ['measured', 'calibrated', 'entered', 'guessed'];
  const value = formula(...from.map((measure) => measure.value));
  // First-order: each spread moves the value on its own, and the moves add up at worst.
  const spread = from.reduce((sum, { spread: each }, i) => {
    const moved = formula(...from.map((measure, j) => measure.value + (i === j ? each : 0)));
    return sum + Math.abs(moved - value);
  }, 0);
  const worst = Math.max(...from.map(({ source }) => order.indexOf(source)));
  return { value, spread, count: Math.min(...from.map((measure) => measure.count)), source: order[worst] ?? 'guessed' };
}
