// A worker that trains one model: reports at most every 33 ms, stops between epochs when the shared flag is set.
import { parentPort, workerData } from 'node:worker_threads';
import { InputFault } from '../../model/fault';
import { fit } from '../../model/fit';
import { writeModel } from '../../model/model-file';
import { tableBytes } from '../../model/table-bytes';
import { sha256 } from './models';
import type { FromTrainer, TrainerTask } from './trainer';

const REPORT_MS = 33;

function train(task: TrainerTask, send: (message: FromTrainer) => void): void {
  const stop = new Int32Array(task.stop);
  const steps = fit(task.table, task.settings, {
    nowS: () => performance.now() / 1000,
    dataHash: sha256(tableBytes(task.table)),
  });
  const losses: number[] = [];
  const validationLosses: number[] = [];
  const accuracies: number[] = [];
  let reportedMs = -Infinity;
  let step = steps.next();
  while (step.done !== true) {
    const { epoch, epochs, loss, validationLoss, accuracy, confusion } = step.value;
    losses.push(loss);
    validationLosses.push(validationLoss ?? NaN);
    accuracies.push(accuracy ?? NaN);
    const nowMs = performance.now();
    if (nowMs - reportedMs >= REPORT_MS) {
      reportedMs = nowMs;
      send({ type: 'progress', epoch, epochs, losses, validationLosses, accuracies, confusion: confusion ?? [] });
      losses.length = validationLosses.length = accuracies.length = 0;
    }
    step = steps.next(Atomics.load(stop, 0) === 1 ? 'stop' : undefined);
  }
  const text = writeModel(step.value.model);
  send({ type: 'progress', epoch: 0, epochs: 0, losses, validationLosses, accuracies, confusion: [] });
  send({ type: 'done', text, sha256: sha256(text), report: step.value.report });
}

const port = parentPort;
if (port === null) throw new Error('this is a worker');
const send = (message: FromTrainer): void => port.postMessage(message);
try {
  train(workerData as TrainerTask, send);
} catch (error) {
  if (!(error instanceof InputFault)) throw error;
  send({ type: 'fault', code: error.code, message: error.message, place: error.place });
}
