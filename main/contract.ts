// Everything that crosses the border between the page and the rest: what the page may ask, what it is shown, and the data port.
// Imports neither side. The page takes types only; the main side checks each request with `requestSchema`.
import { z } from 'zod';

// ---------------------------------------------------------------------------------------------------------------- requests

const id = z.string().min(1).max(500);
const label = z.string().trim().min(1, 'A label has at least one sign.').max(60, 'A label has at most 60 signs.');
const rateHz = z
  .number('A rate is a number of readings a second.')
  .int('A rate is a whole number of readings a second.')
  .min(1, 'A rate is at least one reading a second.')
  .max(10_000, 'A rate is at most 10,000 readings a second.');

/** What a person chooses for a training; everything has a default in the page. */
export const trainSettingsSchema = z.strictObject({
  /** Recordings to use; empty: all that have a label. */
  recordings: z.array(z.number().int().positive()).max(10_000),
  /** Channel names; empty: all. */
  features: z.array(z.string().max(100)).max(64),
  scaling: z.enum(['standardise', 'minmax', 'none']),
  hidden: z.array(z.number().int().min(1).max(512)).max(4),
  activation: z.enum(['relu', 'sigmoid', 'tanh']),
  optimiser: z.enum(['adam', 'sgd']),
  learningRate: z.number().positive().max(10),
  batchSize: z.number().int().min(1).max(100_000),
  epochs: z.number().int().min(1).max(10_000),
  seed: z.number().int().min(0).max(0xffff_ffff),
});
export type TrainSettings = z.infer<typeof trainSettingsSchema>;

export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('listPorts') }),
  /** `path`: a port, `demo`, `emulator:SCENARIO`. */
  z.strictObject({ type: z.literal('connect'), path: id }),
  z.strictObject({ type: z.literal('disconnect'), device: id }),
  z.strictObject({ type: z.literal('setRate'), device: id, rateHz }),
  /** Emulated boards only: what the simulated machine does, and pulling its plug. */
  z.strictObject({ type: z.literal('setScenarioState'), device: id, state: id }),
  z.strictObject({ type: z.literal('pullPlug'), device: id }),
  z.strictObject({ type: z.literal('startRecording'), device: id, label }),
  z.strictObject({ type: z.literal('stopRecording'), device: id }),
  z.strictObject({ type: z.literal('relabelRecording'), recording: z.number().int(), label }),
  /** Deleting can be undone until the app is closed. */
  z.strictObject({ type: z.literal('deleteRecording'), recording: z.number().int() }),
  z.strictObject({ type: z.literal('restoreRecording'), recording: z.number().int() }),
  /** The signal of a recording, thinned to at most `columns` min/max pairs a channel. */
  z.strictObject({
    type: z.literal('recordingSignal'),
    recording: z.number().int(),
    columns: z.number().int().min(10).max(4000),
  }),
  /** Opens the system's file dialog, then imports the chosen CSV files with this label; without one each file's name is its label. */
  z.strictObject({
    type: z.literal('importFiles'),
    label: label.optional(),
    /** Filled in by the main side from its dialog; the page leaves it out. */
    files: z.array(z.string().max(4096)).max(1000).optional(),
  }),
  z.strictObject({ type: z.literal('train'), settings: trainSettingsSchema }),
  z.strictObject({ type: z.literal('stopTraining') }),
  /** Measures laptop, link and board for this model and decides; takes about two seconds. */
  z.strictObject({ type: z.literal('makePlan'), model: id, device: id }),
  /** Puts the model where the plan says. */
  z.strictObject({ type: z.literal('followPlan') }),
  z.strictObject({ type: z.literal('deploy'), model: id, device: id, computePoint: z.enum(['board', 'laptop']) }),
  z.strictObject({ type: z.literal('undeploy'), device: id }),
  z.strictObject({ type: z.literal('verify'), device: id, inputs: z.number().int().min(1).max(10_000) }),
]);
export type Request = z.infer<typeof requestSchema>;

/** The value an answer carries, by request type; `null` where there is nothing to say. */
export interface AnswerValues {
  listPorts: PortView[];
  recordingSignal: RecordingSignal;
}
export type AnswerValue<T extends Request['type']> = T extends keyof AnswerValues ? AnswerValues[T] : null;

/** A failure as a sentence that says what is the case and what to do. */
export interface Failure {
  code: string;
  message: string;
}
export type Answer<T extends Request['type'] = Request['type']> = { ok: AnswerValue<T> } | { error: Failure };

// ------------------------------------------------------------------------------------------------------- what the page shows

/** The whole of it, sent when it changes, at most ten times a second. Signals are not in here: they come by the data port. */
export interface EngineState {
  project: { name: string; path: string };
  devices: DeviceView[];
  recordings: RecordingView[];
  training: TrainingView | null;
  models: ModelView[];
  plan: PlanView | null;
  deployments: DeploymentView[];
  /** Newest last, at most 200. */
  log: LogEntry[];
}

export interface PortView {
  path: string;
  product: string;
  vendorId: string | null;
  productId: string | null;
  serialNumber: string | null;
  /** Connected in this app already. */
  connected: boolean;
}

export interface ChannelView {
  name: string;
  unit: string;
}

export interface Losses {
  total: number;
  /** Dropped by the board: no credit, line full, sampling instant missed. */
  device: number;
  /** Damaged or swallowed on the way. */
  wire: number;
  /** Dropped by a full queue on the laptop. */
  host: number;
}

export interface DeviceView {
  /** The path it was connected by. */
  id: string;
  /** What the board calls itself: `Uno`. */
  name: string;
  driver: 'lepton';
  simulated: boolean;
  status: 'connecting' | 'streaming' | 'lost' | 'failed';
  /** Unix ms since the status holds. */
  sinceMs: number;
  /** Why it is lost or failed, and what to do. */
  fault: Failure | null;
  channels: ChannelView[];
  /** Asked for; `measuredRateHz` is what arrives. */
  rateHz: number;
  maxRateHz: number;
  measuredRateHz: number;
  received: number;
  losses: Losses;
  /** From the chunk's arrival to the readings being recorded and predicted, over the last seconds. */
  latencyUs: { p50: number; p99: number } | null;
  link: { roundTripS: number; bytesPerSecond: number } | null;
  firmware: { build: string; protocol: string; modelCapacityBytes: number } | null;
  /** Only for emulated boards. */
  scenario: { id: string; title: string; state: string; states: { id: string; title: string }[] } | null;
  recording: { id: number; label: string; rows: number; startedMs: number } | null;
}

export interface RecordingView {
  id: number;
  label: string;
  device: string;
  simulated: boolean;
  /** `recording`: being written now; `interrupted`: ended by a lost board or a killed app, whole up to there. */
  state: 'recording' | 'complete' | 'interrupted' | 'deleted';
  rows: number;
  seconds: number;
  rateHz: number;
  channels: ChannelView[];
  gaps: number;
  startedMs: number;
}

export interface RecordingSignal {
  channels: ChannelView[];
  /** Seconds from the recording's start, one for each column. */
  timeS: Float64Array;
  /** By channel: least and greatest value in each column; NaN where a gap is. */
  min: Float32Array[];
  max: Float32Array[];
}

export interface Metrics {
  accuracy: number;
  balancedAccuracy: number;
  macroF1: number;
  logLoss: number;
  /** [actual][predicted] */
  confusion: number[][];
}

export interface TrainingView {
  state: 'running' | 'done' | 'stopped' | 'failed';
  startedMs: number;
  settings: TrainSettings;
  epoch: number;
  epochs: number;
  /** One value an epoch. */
  loss: Float32Array;
  validationLoss: Float32Array;
  validationAccuracy: Float32Array;
  classes: string[];
  /** Live, on validation rows; at the end on test rows. */
  confusion: number[][];
  /** On held-back rows, at the end. */
  metrics: Metrics | null;
  baseline: Metrics | null;
  split: { by: string; reason: string; train: number; validation: number; test: number } | null;
  warnings: string[];
  seconds: number;
  /** The model's id when done. */
  model: string | null;
  fault: Failure | null;
}

export interface ModelView {
  /** File name in the project, without ending. */
  id: string;
  createdMs: number;
  features: ChannelView[];
  classes: string[];
  hidden: number[];
  activation: string;
  metrics: Metrics | null;
  int8: { accuracy: number; sameClass: number; bytes: number } | null;
  seed: number;
  sha256: string;
}

export type PlanPart = 'buffer' | 'preprocess' | 'encode' | 'linkWait' | 'link' | 'decode' | 'infer' | 'return';

export interface PlanCandidate {
  node: 'laptop' | string;
  title: string;
  /** Absent where the candidate is rejected. */
  latencyS: number | null;
  costPerHour: number | null;
  parts: { part: PlanPart; seconds: number }[];
  /** Why not, with the amount missed by, in a sentence. */
  rejected: string | null;
}

export interface PlanView {
  state: 'measuring' | 'done' | 'failed';
  model: string;
  device: string;
  /** 0…1 while measuring. */
  progress: number;
  chosen: string | null;
  /** Best first. */
  candidates: PlanCandidate[];
  /** One paragraph for a lab technician. */
  explanation: string;
  measures: { name: string; value: number; unit: string; spread: number; count: number; source: string }[];
  followed: boolean;
  fault: Failure | null;
}

export interface DeploymentView {
  device: string;
  model: string;
  computePoint: 'board' | 'laptop';
  state: 'uploading' | 'running' | 'failed';
  /** 0…1 while uploading. */
  progress: number;
  bytes: number;
  capacityBytes: number;
  seconds: number;
  /** Of the golden check; null before it ran. `differing`: numbers of the inputs (from 0) that differed, at most 1,000. */
  golden: { running: boolean; done: number; total: number; equal: number; differing: number[] } | null;
  /** Board's and laptop's results of live readings, compared bit by bit. */
  live: { compared: number; equal: number };
  classes: string[];
  /** The last prediction. `scores` are probabilities by class. */
  prediction: { class: number; scores: number[]; timeMs: number } | null;
  inferUs: number | null;
  fault: Failure | null;
}

export interface LogEntry {
  timeMs: number;
  level: 'info' | 'good' | 'warn' | 'bad';
  text: string;
}

// ------------------------------------------------------------------------------------------------------------- the data port

/** From the engine into the page's scope worker, over a MessagePort of its own. At most two `columns` messages are unacknowledged. */
export type PortMessage =
  | {
      type: 'channels';
      device: string;
      channels: ChannelView[];
      /** Class names of the running model; empty without one. */
      classes: string[];
    }
  | {
      type: 'columns';
      device: string;
      /** Seconds of the laptop's monotonic clock. */
      timeS: Float64Array;
      /** 1 where readings are missing before this row. */
      gapBefore: Uint8Array;
      /** Channel-major: channel c's row i is at c · rows + i. In the channels' units. */
      values: Float32Array;
      /** Class index by row, −1 without prediction. */
      classes: Int8Array;
      /** By row: 1 board and laptop agree in every bit, 0 they differ, 2 not compared. */
      agree: Uint8Array;
      /** Rows left out because the page was slow; never left out of a recording. */
      skippedRows: number;
    };

/** From the scope worker: one for each `columns` message taken. */
export interface PortAcknowledgement {
  type: 'ack';
  /** Whose `columns` were taken: each device has its own two in flight. */
  device: string;
}

// ------------------------------------------------------------------------------------------------------- what preload exposes

/** `window.lepton` in the page. */
export interface LeptonBridge {
  request<R extends Request>(request: R): Promise<Answer<R['type']>>;
  /** Returns the function that ends it. The present state is delivered at once. */
  onState(listener: (state: EngineState) => void): () => void;
  /** The page posts `{type:'scope-port'}` to itself with the data port; see renderer/scope. Called again after the engine restarted. */
  requestScopePort(): void;
  /** `light` or `dark` is what the page shows; null follows the system. */
  platform: 'linux' | 'darwin' | 'win32';
}
