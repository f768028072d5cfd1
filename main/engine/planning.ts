// The plan for what is plugged in: measures laptop, link and board for one model, then lets the planner decide.
import type { DeviceView, PlanCandidate, PlanView } from '../contract';
import type { LabFile } from '../planner/lab';
import { type LabNumber, type LiveSetup, type Measure, oneWayLatencyS } from '../planner/live';
import { planLive } from '../planner/live-plan';
import { type Measured, measureBoardInference, measureLaptopInference, measureLink } from './measure';
import { type BoardImage, buildImage, holds } from './deployer';
import type { StoredModel } from './models';
import type { DeviceSession } from './session';

export const LAPTOP = 'laptop';
/** Type, tag, CRC, stuffing and delimiter around each body (PROTOCOL.md 1). */
const FRAME_BYTES = 6;
/** Of a multiplication and what goes with it in the firmware, where it cannot be measured: 6,570 cycles for 160 of them. */
const GUESSED_CYCLES_PER_MAC = 41;

export interface Planned {
  /** `laptop`, the device's path, or null when no node can. */
  chosen: string | null;
  candidates: PlanCandidate[];
  explanation: string;
  measures: PlanView['measures'];
  link: NonNullable<DeviceView['link']>;
  /** What the command line's `plan` reads. */
  lab: LabFile;
}

/**
 * Takes about two seconds. The model is put on the board (not started) to measure it there; a model that runs on the board meanwhile is
 * replaced unless it is this one. `running`: the node that computes now.
 */
export async function measureAndPlan(
  stored: StoredModel,
  session: DeviceSession,
  progress: (share: number) => void = () => undefined,
  running?: string,
): Promise<Planned> {
  const board = session.connectedBoard();
  const { model } = stored;
  const built = imageOrNull(stored, session);
  const link = await measureLink(session, (share) => progress(share * 0.6));
  const laptopS = measureLaptopInference(model);
  progress(0.7);
  let boardS: Measure | undefined;
  if (built !== null && built.bytes.length <= board.info.modelCapacityBytes) {
    if (!(await holds(board, built))) {
      await board.upload(built.bytes, built.generation, (share) => progress(0.7 + share * 0.2));
    }
    boardS = measured(await measureBoardInference(session));
  } else if (built !== null) {
    // Too large to be measured there: the planner then says by how much.
    const macs = built.image.layers.reduce((sum, layer) => sum + layer.inputs * layer.outputs, 0);
    boardS = { value: (macs * GUESSED_CYCLES_PER_MAC) / board.info.cpuHz, spread: 0, count: 0, source: 'guessed' };
  }
  progress(0.95);

  const { value: bytesPerSecond } = link.bytesPerSecond;
  const outputs = model.network.layers.at(-1)?.outputs ?? 0;
  const setup: LiveSetup = {
    laptop: { id: LAPTOP, inferS: measured(laptopS) },
    boards: [
      {
        id: session.path,
        inferS: boardS,
        goodputBps: measured(link.bytesPerSecond),
        latencyS: {
          value: oneWayLatencyS(link.roundTripS.value, FRAME_BYTES, bytesPerSecond),
          spread: link.roundTripS.spread / 2,
          count: link.roundTripS.count,
          source: 'calibrated',
        },
        modelCapacityB: entered(board.info.modelCapacityBytes),
      },
    ],
    sensing: session.path,
    readingsPerSecond: entered(session.rateHz),
    readingB: entered(FRAME_BYTES + 8 + 2 * board.info.channels),
    resultB: entered(1 + outputs),
    modelB: entered(built?.bytes.length ?? 0),
  };
  const titles: Record<string, string> = { [LAPTOP]: 'the laptop', [session.path]: board.info.name };
  const plan = planLive(setup, (id) => titles[id] ?? id, running);
  return {
    chosen: plan.result.feasible ? plan.result.compute : null,
    candidates: [...plan.cards],
    explanation: plan.explanation,
    measures: plan.numbers.map(({ name, value, unit, spread, count, source }: LabNumber) => ({
      name,
      value,
      unit,
      spread,
      count,
      source,
    })),
    link: { roundTripS: link.roundTripS.value, bytesPerSecond },
    lab: plan.file,
  };
}

/** The state of a plan that is being made. */
export function planView(model: string, device: string): PlanView {
  return {
    state: 'measuring',
    model,
    device,
    progress: 0,
    chosen: null,
    candidates: [],
    explanation: '',
    measures: [],
    followed: false,
    fault: null,
  };
}

/** A model that this board cannot run at all is planned for all the same: the laptop is then the only candidate. */
function imageOrNull(stored: StoredModel, session: DeviceSession): BoardImage | null {
  try {
    return buildImage(stored, session);
  } catch {
    return null;
  }
}

const measured = ({ value, spread, count }: Measured): Measure => ({ value, spread, count, source: 'measured' });
/** What the protocol or the board itself says: no spread. */
const entered = (value: number): Measure => ({ value, spread: 0, count: 1, source: 'entered' });
