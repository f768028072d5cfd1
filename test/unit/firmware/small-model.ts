// The smallest model images of QUANTISATION.md that a conversation needs: every input of a channel, one linear layer.

/** Six inputs, `outputs` neurons that each sum all activations with weight 1; 14 + 60 + 11 · outputs bytes. */
export function sumModel(outputs: number): Buffer {
  const input = (channel: number): number[] => [channel, 2, 0, 0, 1, 0, 0, 0, 0, 0]; // counts / 4
  const neuron = [0, 0, 0, 0, 128, ...new Array<number>(6).fill(129)];
  const layer = [6, outputs, 0, 0, 10, 0]; // sum · 128 / 2^10
  const rest = [...[0, 1, 2, 3, 4, 5].flatMap(input), ...layer, ...new Array<number[]>(outputs).fill(neuron).flat()];
  const size = 8 + rest.length;
  return Buffer.from([0x4c, 0x38, 1, 1, 6, outputs, size & 0xff, size >> 8, ...rest]);
}

/** What it answers: class, then the scores. */
export function sumResult(counts: readonly number[], outputs: number): number[] {
  const sum = counts.reduce((total, count) => total + Math.min(255, Math.max(0, count >> 2)), 0);
  const score = Math.min(255, (sum * 128 + 512) >> 10);
  return [outputs === 1 ? Number(score >= 128) : 0, ...new Array<number>(outputs).fill(score)];
}
