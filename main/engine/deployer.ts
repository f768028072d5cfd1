// A model onto a board, and the proof that it computes there what it computes here: the golden inputs, bit by bit.
import type { Board } from '../../device/board';
import { DeviceFault } from '../../device/fault';
import { goldenInputs } from '../../model/golden';
import { type Image, packImage, parseImage, runImage } from '../../model/image';
import { inputMap } from '../../model/input-map';
import { InputFault } from '../../model/fault';
import type { Model } from '../../model/model';
import { BoardModel } from './live-model';
import type { StoredModel } from './models';
import type { DeviceSession } from './session';

export interface BoardImage {
  bytes: Uint8Array;
  image: Image;
  /** Board's name for the model in its frames: from the model's hash, 1–255. */
  generation: number;
}

export interface Deployment extends BoardImage {
  seconds: number;
  live: BoardModel;
}

export interface Difference {
  input: number;
  raw: number[];
  board: { class: number; scores: number[] };
  laptop: { class: number; scores: number[] };
}

export interface Verification {
  inputs: number;
  equal: number;
  /** Numbers of the inputs that differed, at most 1,000. */
  differing: number[];
  firstDifference?: Difference;
  /** Of one inference on the board, in microseconds: median of all. */
  inferUs: number;
}

/** Requests under way at once; the link's window is what really limits. */
const IN_FLIGHT = 16;
const MAX_DIFFERING = 1000;

/** The int8 image of a model for this board's channels, whatever its size. Throws InputFault where they do not fit each other. */
export function buildImage({ model, sha256 }: StoredModel, session: DeviceSession): BoardImage {
  if (model.int8 === null) {
    throw new InputFault(
      'notQuantised',
      'The model has no int8 form, so no board can run it; it can run on the laptop.',
    );
  }
  const bytes = packImage(model.int8, inputMap(model, session.channels));
  const image = parseImage(bytes, session.connectedBoard().info.channels);
  return { bytes, image, generation: 1 + (parseInt(sha256.slice(0, 4), 16) % 255) };
}

/** As buildImage, and it fits into the board. */
export function imageFor(stored: StoredModel, session: DeviceSession): BoardImage {
  const built = buildImage(stored, session);
  const { modelCapacityBytes } = session.connectedBoard().info;
  if (built.bytes.length > modelCapacityBytes) {
    throw new DeviceFault(
      'unsupported',
      session.path,
      `the model takes ${built.bytes.length} bytes, the board has ${modelCapacityBytes}`,
    );
  }
  return built;
}

/** Uploads, commits and starts the model; the stream goes on meanwhile. */
export async function deploy(
  stored: StoredModel,
  session: DeviceSession,
  progress: (share: number) => void = () => undefined,
): Promise<Deployment> {
  const built = imageFor(stored, session);
  const board = session.connectedBoard();
  const startS = session.nowS;
  await board.upload(built.bytes, built.generation, progress);
  await board.run(true);
  return {
    ...built,
    seconds: session.nowS - startS,
    live: new BoardModel(stored.model, built.image, built.generation),
  };
}

/** True when the board holds this very model (it answers an inference as generation `generation`). */
export async function holds(board: Board, built: BoardImage): Promise<boolean> {
  try {
    return (await board.infer(new Int16Array(board.info.channels))).generation === built.generation;
  } catch (error) {
    if (error instanceof DeviceFault && error.code === 'refused') return false;
    throw error;
  }
}

/** Lets the board compute `count` golden inputs and compares class and every score with the laptop's. */
export async function verify(
  stored: { model: Model; sha256: string },
  session: DeviceSession,
  built: BoardImage,
  count: number,
  progress: (done: number, equal: number, differing: readonly number[]) => void = () => undefined,
): Promise<Verification> {
  const board = session.connectedBoard();
  const inputs = goldenInputs(stored.model, session.channels, count, parseInt(stored.sha256.slice(0, 8), 16));
  const result: Verification = { inputs: count, equal: 0, differing: [], inferUs: NaN };
  const elapsedUs: number[] = [];
  for (let from = 0; from < count; from += IN_FLIGHT) {
    const some = inputs.slice(from, from + IN_FLIGHT);
    const answers = await Promise.all(some.map((raw) => board.infer(raw)));
    answers.forEach((answer, i) => {
      const raw = some[i] as Int16Array;
      const twin = runImage(built.image, raw);
      elapsedUs.push(answer.elapsedHalfUs / 2);
      const same =
        answer.generation === built.generation &&
        answer.class === twin.class &&
        answer.scores.length === twin.scores.length &&
        twin.scores.every((score, k) => score === answer.scores[k]);
      if (same) {
        result.equal++;
        return;
      }
      if (result.differing.length < MAX_DIFFERING) result.differing.push(from + i);
      result.firstDifference ??= {
        input: from + i,
        raw: [...raw],
        board: { class: answer.class, scores: [...answer.scores] },
        laptop: { class: twin.class, scores: [...twin.scores] },
      };
    });
    progress(Math.min(count, from + IN_FLIGHT), result.equal, result.differing);
  }
  elapsedUs.sort((a, b) => a - b);
  result.inferUs = elapsedUs[elapsedUs.length >> 1] ?? NaN;
  return result;
}
