// What a command prints: words for people, one JSON document for programs; failures as a sentence and an exit code.
import { type Described, Exit, describe } from '../sentences';

export interface Output {
  readonly json: boolean;
  /** For people: stdout, or nothing with --json. */
  say(text: string): void;
  /** The result, with --json only. */
  result(value: object): void;
  /** One line of a stream (`monitor`), whatever --json says. */
  line(text: string): void;
  /** Always to stderr. */
  note(text: string): void;
  /** Progress on a terminal; overwritten by the next. */
  progress(text: string): void;
}

export function createOutput(json: boolean): Output {
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  return {
    json,
    say: (text) => {
      clear();
      if (!json) process.stdout.write(`${text}\n`);
    },
    result: (value) => {
      clear();
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    line: (text) => {
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (!process.stderr.isTTY) return;
      clear();
      process.stderr.write(text);
      shown = text.length;
    },
  };
}

/** Runs a command's work; turns what it throws into a sentence (or an error document) and the exit code. */
export async function finish(output: Output, work: () => Promise<number | void>): Promise<never> {
  let code: number;
  // What is written to a pipe comes late: each later write fails as well, so these stay for the life of the process.
  process.stdout.on('error', endUnlessClosed);
  process.stderr.on('error', endUnlessClosed);
  try {
    code = (await work()) ?? Exit.done;
  } catch (error) {
    const described = describe(error);
    code = described.exitCode;
    if (output.json) output.result(errorDocument(described));
    else output.note(described.message);
    if (code === Exit.fault && error instanceof Error) output.note(error.stack ?? '');
  }
  // Pipes are written asynchronously: leave when they have taken everything.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code);
}

/** A reader that went away (`… | head`) has what it wanted; anything else (a full disk) is a failure. */
function endUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') process.exit(Exit.fault);
}

export function errorDocument({ code, message, place }: Described): object {
  return { error: { code, message, ...place } };
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const on = (): void => {
      process.once('SIGINT', () => process.exit(130));
      resolve();
    };
    process.once('SIGINT', on);
    process.once('SIGTERM', on);
    // A reader that went away ends the command too.
    process.stdout.once('error', resolve);
  });
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
