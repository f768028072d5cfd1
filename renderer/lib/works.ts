// What is going on that takes long: how far it is and how long it still takes, from the engine's state.
import type { EngineState } from '../../main/contract';

export interface Work {
  kind: 'training' | 'planning' | 'uploading' | 'checking';
  /** Device or model it is about. */
  subject: string;
  /** 0…1. */
  progress: number;
  /** What is left, from what has passed; null too early to tell. */
  remainingS: number | null;
  stoppable: boolean;
}

export function worksOf(state: EngineState): Work[] {
  const works: Work[] = [];
  const { training, plan } = state;
  if (training?.state === 'running') {
    const progress = training.epochs > 0 ? training.epoch / training.epochs : 0;
    works.push({
      kind: 'training',
      subject: '',
      progress,
      remainingS: progress > 0.02 ? training.seconds * (1 / progress - 1) : null,
      stoppable: true,
    });
  }
  if (plan?.state === 'measuring') {
    works.push({ kind: 'planning', subject: plan.device, progress: plan.progress, remainingS: null, stoppable: false });
  }
  for (const deployment of state.deployments) {
    const subject = state.devices.find((device) => device.id === deployment.device)?.name ?? deployment.device;
    if (deployment.state === 'uploading') {
      works.push({ kind: 'uploading', subject, progress: deployment.progress, remainingS: null, stoppable: false });
    }
    if (deployment.golden?.running) {
      const { done, total } = deployment.golden;
      works.push({
        kind: 'checking',
        subject,
        progress: total > 0 ? done / total : 0,
        remainingS: null,
        stoppable: false,
      });
    }
  }
  return works;
}
