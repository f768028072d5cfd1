// The training that is shown: settings to a worker, its progress to curves, its model into the project.
import type { Metrics as ModelMetrics } from '../../model/metrics';
import type { Metrics, TrainSettings, TrainingView } from '../contract';
import { describe } from '../sentences';
import { RECORDING_LABEL, tableFromProject } from '../source';
import { type Project, writeWhole } from '../store/project';
import { type Training, startTraining } from './trainer';

export class TrainingJob {
  view: TrainingView;
  private training: Training | null = null;
  private losses: number[] = [];
  private validationLosses: number[] = [];
  private accuracies: number[] = [];

  constructor(
    settings: TrainSettings,
    private readonly clockMs: () => number,
    private readonly changed: () => void,
  ) {
    this.view = {
      state: 'running',
      startedMs: clockMs(),
      settings,
      epoch: 0,
      epochs: settings.epochs,
      loss: new Float32Array(0),
      validationLoss: new Float32Array(0),
      validationAccuracy: new Float32Array(0),
      classes: [],
      confusion: [],
      metrics: null,
      baseline: null,
      split: null,
      warnings: [],
      seconds: 0,
      model: null,
      fault: null,
    };
  }

  /** False until run() has ended, which is after a stop too. */
  ended = false;

  /** Resolves with the id of the model in the project, or null when it failed; the view says why. */
  async run(openProject: () => Promise<Project>): Promise<string | null> {
    const { recordings, features, batchSize, ...settings } = this.view.settings;
    try {
      const project = await openProject();
      const table = await tableFromProject(project, { label: RECORDING_LABEL, features }, recordings);
      this.show({ classes: [...new Set(table.label?.values)].sort() });
      this.training = startTraining(table, { ...settings, batch: batchSize }, (progress) => {
        this.losses.push(...progress.losses);
        this.validationLosses.push(...progress.validationLosses);
        this.accuracies.push(...progress.accuracies);
        this.show({
          epoch: this.losses.length,
          loss: Float32Array.from(this.losses),
          validationLoss: Float32Array.from(this.validationLosses),
          validationAccuracy: Float32Array.from(this.accuracies),
          ...(progress.confusion.length > 0 && { confusion: progress.confusion }),
          seconds: (this.clockMs() - this.view.startedMs) / 1000,
        });
      });
      const { text, report } = await this.training.done;
      const id = nextName(project);
      writeWhole(project.modelFile(id), text);
      const metrics = classMetrics(report.metrics);
      this.show({
        state: this.view.state === 'stopped' ? 'stopped' : 'done',
        classes: [...(report.classes ?? [])],
        metrics,
        confusion: metrics?.confusion ?? [],
        baseline: classMetrics(report.baseline),
        split: { ...report.split, by: report.split.column ?? report.split.by },
        warnings: [...report.warnings],
        seconds: report.seconds,
        model: id,
      });
      return id;
    } catch (error) {
      const { code, message } = describe(error);
      this.show({ state: 'failed', fault: { code, message }, seconds: (this.clockMs() - this.view.startedMs) / 1000 });
      return null;
    } finally {
      this.ended = true;
    }
  }

  /** After the present epoch; what was learnt is kept. */
  stop(): void {
    if (this.view.state !== 'running') return;
    this.show({ state: 'stopped' });
    this.training?.stop();
  }

  async abort(): Promise<void> {
    await this.training?.abort();
  }

  private show(change: Partial<TrainingView>): void {
    this.view = { ...this.view, ...change };
    this.changed();
  }
}

export function classMetrics(metrics: ModelMetrics): Metrics | null {
  if (!('confusion' in metrics)) return null;
  const { accuracy, balancedAccuracy, macroF1, logLoss } = metrics;
  return { accuracy, balancedAccuracy, macroF1, logLoss, confusion: metrics.confusion.map((row) => [...row]) };
}

/** `model-1`, `model-2`, … whichever is next. */
function nextName(project: Project): string {
  const last = Math.max(0, ...project.modelIds().map((id) => Number(/^model-(\d+)$/.exec(id)?.[1] ?? 0)));
  return `model-${last + 1}`;
}
