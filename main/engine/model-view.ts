// A model as the page shows it.
import { imageBytes } from '../../model/image';
import type { ModelView } from '../contract';
import type { StoredModel } from './models';
import { classMetrics } from './training-job';

export function modelView(id: string, { model, sha256 }: StoredModel, createdMs: number): ModelView {
  const int8 = model.training.int8;
  return {
    id,
    createdMs,
    features: model.features.map(({ name, unit }) => ({ name, unit: unit ?? '' })),
    classes: [...model.classes],
    hidden: [...model.training.settings.hidden],
    activation: model.training.settings.activation,
    metrics: classMetrics(model.training.metrics),
    int8:
      int8 === null || model.int8 === null
        ? null
        : {
            accuracy: 'accuracy' in int8.metrics ? int8.metrics.accuracy : NaN,
            sameClass: int8.sameClass ?? NaN,
            bytes: imageBytes(model.int8),
          },
    seed: model.training.settings.seed,
    sha256,
  };
}
