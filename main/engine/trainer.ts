// A training in a worker of its own: progress while it runs, stop, and the model's file text at the end.
import { Worker } from 'node:worker_threads';
import { InputFault, type Place } from '../../model/fault';
import type { FitReport } from '../../model/fit';
import type { FitSettings } from '../../model/settings';
import type { Table } from '../../model/table';
import { workerFile } from './workers';

export interface TrainerTask {
  table: Table;
  settings: Partial<FitSettings>;
  /** Int32: 1 asks to stop after the epoch that runs. */
  stop: SharedArrayBuffer;
}

export interface TrainingProgress {
  type: 'progress';
  /** 0 in the last report, which only brings the epochs since the one before. */
  epoch: number;
  epochs: number;
  /** One value for each epoch since the last report; NaN where there is none. */
  losses: number[];
  validationLosses: number[];
  accuracies: number[];
  /** [actual][predicted] on validation rows; empty without. */
  confusion: number[][];
}

export interface TrainedModel {
  type: 'done';
  /** The model file. */
  text: string;
  sha256: string;
  report: FitReport;
}

export type FromTrainer =
  TrainingProgress | TrainedModel | { type: 'fault'; code: string; message: string; place: Place };

export interface Training {
  /** Rejects with an InputFault for data that cannot be learnt from. */
  readonly done: Promise<TrainedModel>;
  /** Ends after the present epoch; `done` resolves with the best weights so far. */
  stop(): void;
  /** Ends at once; `done` rejects. */
  abort(): Promise<void>;
}

export function startTraining(
  table: Table,
  settings: Partial<FitSettings>,
  onProgress: (progress: TrainingProgress) => void,
): Training {
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(workerFile('trainer'), { workerData: { table, settings, stop } satisfies TrainerTask });
  const done = new Promise<TrainedModel>((resolve, reject) => {
    worker.on('message', (message: FromTrainer) => {
      if (message.type === 'progress') onProgress(message);
      else if (message.type === 'done') resolve(message);
      else reject(new InputFault(message.code, message.message, message.place));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the training was ended')));
  });
  return {
    done,
    stop: () => void Atomics.store(new Int32Array(stop), 0, 1),
    abort: async () => {
      done.catch(() => undefined);
      await worker.terminate();
    },
  };
}
