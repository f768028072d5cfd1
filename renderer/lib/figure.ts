// A name with its value in words, as components/Figures.svelte shows it.

export interface Figure {
  name: string;
  text: string;
  /** The plain value behind the text, for tests and for copying. */
  value?: number | string | null;
  /** By which tests find it. */
  id?: string;
  tone?: 'bad' | 'warn' | 'good';
}
