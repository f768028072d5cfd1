// Model images of QUANTISATION.md that a conversation needs, small or large: one linear layer, every weight 1.

/** Inputs from the channels in turn, `outputs` neurons that each sum them all; 14 + 10 · inputs + (5 + inputs) · outputs bytes. */
export function sumModel(outputs: number, inputs = 6): Buffer {
  const maps = Array.from({ length: inputs }, (_, i) => [i % 6, 2, 0, 0, 1, 0, 0, 0, 0, 0]); // counts / 4
  const neuron = [0, 0, 0, 0, 128, ...new Array<number>(inputs).fill(129)];
  const layer = [inputs, outputs, 0, 0, 10, 0]; // sum · 128 / 2^10
  const rest = [...maps.flat(), ...layer, ...new Array<number[]>(outputs).fill(neuron).flat()];
  const size = 8 + rest.length;
  return Buffer.from([0x4c, 0x38, 1, 1, inputs, outputs, size & 0xff, size >> 8, ...rest]);
}

/** What it answers: class, then the scores. */
export function sumResult(counts: readonly number[], outputs: number, inputs = 6): number[] {
  let sum = 0;
  for (let i = 0; i < inputs; i += 1) sum += Math.min(255, Math.max(0, (counts[i % 6] ?? 0) >> 2));
  const score = Math.min(255, (sum * 128 + 512) >> 10);
  return [outputs === 1 ? Number(score >= 128) : 0, ...new Array<number>(outputs).fill(score)];
}
