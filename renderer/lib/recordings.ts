// What the recordings of a project amount to: labels, balance, and which of them can be trained on.
import type { RecordingView } from '../../main/contract';

export interface LabelShare {
  label: string;
  recordings: number;
  rows: number;
  seconds: number;
  /** Of all seconds. */
  share: number;
}

export const kept = (recordings: RecordingView[]): RecordingView[] =>
  recordings.filter((recording) => recording.state !== 'deleted');

/** By label, in the order the labels first appeared, so that a label keeps its colour. */
export function balance(recordings: RecordingView[]): LabelShare[] {
  const byLabel = new Map<string, LabelShare>();
  let total = 0;
  for (const recording of kept(recordings)) {
    const share = byLabel.get(recording.label) ?? {
      label: recording.label,
      recordings: 0,
      rows: 0,
      seconds: 0,
      share: 0,
    };
    share.recordings++;
    share.rows += recording.rows;
    share.seconds += recording.seconds;
    total += recording.seconds;
    byLabel.set(recording.label, share);
  }
  return [...byLabel.values()].map((share) => ({ ...share, share: total > 0 ? share.seconds / total : 0 }));
}

/**
 * Every name a class or label has had, each once, in the order of their appearance: its place is its colour, in the table as in the band.
 * Deleted recordings count, so that a deletion recolours nothing.
 */
export function namesInOrder(recordings: RecordingView[], classes: string[][]): string[] {
  return [...new Set([...recordings.map((recording) => recording.label), ...classes.flat()])];
}

/** Recordings with these labels; empty when that is all of them, which is how the engine is told "all". */
export function recordingsOf(recordings: RecordingView[], excluded: ReadonlySet<string>): number[] {
  const present = kept(recordings);
  const chosen = present.filter((recording) => !excluded.has(recording.label));
  return chosen.length === present.length ? [] : chosen.map((recording) => recording.id);
}

/** Channel names that every kept recording has, in the first one's order. */
export function commonChannels(recordings: RecordingView[]): string[] {
  const [first, ...others] = kept(recordings);
  if (!first) return [];
  return first.channels
    .map((channel) => channel.name)
    .filter((name) => others.every((recording) => recording.channels.some((channel) => channel.name === name)));
}
