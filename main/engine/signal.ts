// A recording's signal for a plot: least and greatest value in each of so many columns of equal time.
import type { RecordingSignal } from '../contract';
import type { Project } from '../store/project';

export async function recordingSignal(project: Project, id: number, columns: number): Promise<RecordingSignal> {
  const recording = await project.recordings.get(id);
  const { timeS, sequence, values } = await project.recordings.values(recording);
  const numeric = recording.channels.flatMap((channel, c) => (channel.kind === 'number' ? [c] : []));
  const lastS = timeS.at(-1) ?? 0;
  const count = Math.max(1, Math.min(columns, timeS.length));
  const min = numeric.map(() => new Float32Array(count).fill(NaN));
  const max = numeric.map(() => new Float32Array(count).fill(NaN));
  for (let r = 0; r < timeS.length; r++) {
    const column = lastS > 0 ? Math.min(count - 1, Math.floor(((timeS[r] as number) / lastS) * count)) : 0;
    numeric.forEach((c, i) => {
      const value = values[c]?.[r] ?? NaN;
      if (Number.isNaN(value)) return;
      const low = min[i] as Float32Array;
      const high = max[i] as Float32Array;
      if (!((low[column] as number) <= value)) low[column] = value;
      if (!((high[column] as number) >= value)) high[column] = value;
    });
  }
  for (const column of gapColumns(timeS, sequence, lastS, count))
    for (const side of [...min, ...max]) side[column] = NaN;
  return {
    channels: numeric.map((c) => ({
      name: recording.channels[c]?.name ?? '',
      unit: recording.channels[c]?.unit ?? '',
    })),
    timeS: Float64Array.from({ length: count }, (_, i) => ((i + 0.5) / count) * lastS),
    min,
    max,
  };
}

/** Columns in which readings are missing: a line must not be drawn across. */
function gapColumns(timeS: Float64Array, sequence: Float64Array, lastS: number, count: number): Set<number> {
  const columns = new Set<number>();
  for (let r = 1; r < sequence.length; r++) {
    if ((sequence[r] as number) - (sequence[r - 1] as number) <= 1 || lastS <= 0) continue;
    const middleS = ((timeS[r] as number) + (timeS[r - 1] as number)) / 2;
    columns.add(Math.min(count - 1, Math.floor((middleS / lastS) * count)));
  }
  return columns;
}
