// The class a model says now, from a deployment.
import type { DeploymentView } from '../../main/contract';

export interface ClassScore {
  index: number;
  name: string;
  score: number;
}

/** The predicted class with its score; null before the first prediction. */
export function currentClass(deployment: DeploymentView | null): ClassScore | null {
  const prediction = deployment?.prediction;
  const name = prediction ? deployment.classes[prediction.class] : undefined;
  if (!prediction || name === undefined) return null;
  return { index: prediction.class, name, score: prediction.scores[prediction.class] ?? Number.NaN };
}

/** Every class in the model's order, so that rows do not change places while one looks. */
export function classScores(deployment: DeploymentView): ClassScore[] {
  return deployment.classes.map((name, index) => ({
    index,
    name,
    score: deployment.prediction?.scores[index] ?? Number.NaN,
  }));
}
