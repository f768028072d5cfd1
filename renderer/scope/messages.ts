// What the page and the scope's worker say to each other. Readings are not among it: they come to the worker by the data port.

/** Colours by their token; the worker cannot read the style sheet. */
export interface Palette {
  ink: string;
  muted: string;
  line: string;
  edge: string;
  raised: string;
  good: string;
  bad: string;
  channels: string[];
  classes: string[];
  words: string;
  values: string;
}

/** The few words the worker draws, in the chosen language. */
export interface Words {
  now: string;
  equal: string;
  differ: string;
  noClass: string;
}

export type ToWorker =
  | { type: 'port' }
  | { type: 'canvas'; canvas: OffscreenCanvas; width: number; height: number; ratio: number }
  | { type: 'detach' }
  | { type: 'resize'; width: number; height: number; ratio: number }
  | { type: 'show'; device: string | null; windowS: number; paused: boolean }
  | { type: 'palette'; palette: Palette; words: Words; colourNames: string[] }
  /** Pixels from the left edge; null without a pointer. */
  | { type: 'cursor'; x: number | null };

export type FromWorker =
  | { type: 'portClosed' }
  /** About once a second while drawing. */
  | { type: 'summary'; summary: Summary };

export interface Summary {
  device: string;
  framesPerSecond: number;
  /** Rows in the window. */
  rows: number;
  /** Rows the engine left out because the page was slow. */
  skipped: number;
  latest: { name: string; unit: string; value: number; span: number }[];
  className: string | null;
  /** 1 equal, 0 differ, 2 not compared. */
  agree: number;
}
