// The size of a network as a person types it, and what it amounts to.

const layerLimit = 4;
const neuronLimit = 512;

/** `16, 8` → [16, 8]; empty → [] (no hidden layer); null when it cannot be read. */
export function parseLayers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length > layerLimit) return null;
  const layers = parts.map(Number);
  return layers.every((n) => Number.isInteger(n) && n >= 1 && n <= neuronLimit) ? layers : null;
}

/** Weights and biases of a fully connected network. */
export function parameterCount(inputs: number, hidden: number[], outputs: number): number {
  const sizes = [inputs, ...hidden, outputs];
  return sizes.slice(1).reduce((sum, size, i) => sum + size * ((sizes[i] ?? 0) + 1), 0);
}
