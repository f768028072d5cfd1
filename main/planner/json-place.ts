// Where in a JSON text (RFC 8259) something stands: the line and column of a path, or of the first error.
// Only used once a text is known to be wrong; reading itself is JSON.parse.
import { InputFault } from '../../model/fault';

export type JsonPath = readonly (string | number)[];

/** 1-based; a column counts UTF-16 units, as editors do. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Of the value at `path`, or of the innermost thing around it that exists. */
export function placeOf(text: string, path: JsonPath): LineColumn {
  const scanner = new Scanner(text, path);
  scanner.document();
  return lineColumn(text, scanner.found);
}

/** For a text that JSON.parse refused. */
export function syntaxFault(text: string, file?: string): InputFault {
  const error = new Scanner(text, []).document() ?? { offset: text.length, expected: 'JSON' };
  const place = lineColumn(text, error.offset);
  const what =
    text.trim() === ''
      ? 'the file is empty; expected a lab in JSON'
      : error.offset >= text.length
        ? `the file ends too early; expected ${error.expected}`
        : `not JSON at line ${place.line}, column ${place.column}; expected ${error.expected}, found ${glimpse(text, error.offset)}`;
  return new InputFault('badJson', what, { file, ...place });
}

interface Mismatch {
  readonly offset: number;
  readonly expected: string;
}

/** Longer than any number or keyword. */
const MAX_WORD = 30;
/** Deeper than any lab; keeps the recursion bounded on nonsense. */
const MAX_DEPTH = 100;

class Scanner {
  private at = 0;
  /** Start of the value that agrees with most of the wanted path. */
  found = 0;
  private foundDepth = -1;

  constructor(
    private readonly text: string,
    private readonly wanted: JsonPath,
  ) {}

  document(): Mismatch | undefined {
    const error = this.value(0, true);
    if (error !== undefined) return error;
    this.space();
    return this.at < this.text.length ? this.expected('the end of the file') : undefined;
  }

  /** `onPath`: every step down to here is the wanted one. */
  private value(depth: number, onPath: boolean): Mismatch | undefined {
    this.space();
    if (onPath && depth > this.foundDepth) {
      this.found = this.at;
      this.foundDepth = depth;
    }
    if (depth > MAX_DEPTH) return this.expected('less than 100 levels of nesting');
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth, onPath);
      case '[':
        return this.array(depth, onPath);
      case '"':
        return this.string('the closing quote of a text').error;
      default:
        return this.scalar();
    }
  }

  private object(depth: number, onPath: boolean): Mismatch | undefined {
    this.at++;
    if (this.take('}')) return undefined;
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') return this.expected('a field name in double quotes');
      const key = this.string('the closing quote of a field name');
      if (key.error !== undefined) return key.error;
      if (!this.take(':')) return this.expected("':'");
      const error = this.value(depth + 1, onPath && this.wanted[depth] === key.text);
      if (error !== undefined) return error;
      if (this.take('}')) return undefined;
      if (!this.take(',')) return this.expected("',' or '}'");
    }
  }

  private array(depth: number, onPath: boolean): Mismatch | undefined {
    this.at++;
    if (this.take(']')) return undefined;
    for (let index = 0; ; index++) {
      const error = this.value(depth + 1, onPath && this.wanted[depth] === index);
      if (error !== undefined) return error;
      if (this.take(']')) return undefined;
      if (!this.take(',')) return this.expected("',' or ']'");
    }
  }

  private string(expected: string): { text: string; error?: Mismatch } {
    const start = this.at++;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text.charCodeAt(this.at);
      if (character === 0x22) {
        this.at++;
        return { text: JSON.parse(this.text.slice(start, this.at)) as string };
      }
      if (character < 0x20) break;
      if (character === 0x5c) {
        const escape = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
        escape.lastIndex = this.at + 1;
        if (!escape.test(this.text)) return { text: '', error: this.expected('a known escape after the backslash') };
        this.at = escape.lastIndex - 1;
      }
    }
    return { text: '', error: this.expected(expected) };
  }

  private scalar(): Mismatch | undefined {
    const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
    scalar.lastIndex = this.at;
    if (scalar.test(this.text)) {
      this.at = scalar.lastIndex;
      return undefined;
    }
    // A word that the end of the file cuts short is no wrong word.
    const rest = /[\w.+-]*$/y;
    rest.lastIndex = this.at;
    if (this.text.length - this.at < MAX_WORD && rest.test(this.text)) this.at = this.text.length;
    return this.expected('a number, text, true, false, null, list or object');
  }

  private take(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++;
  }

  private expected(expected: string): Mismatch {
    return { offset: this.at, expected };
  }
}

function glimpse(text: string, offset: number): string {
  const word = /[\w.+-]{1,20}|[^]/y;
  word.lastIndex = offset;
  return JSON.stringify(word.exec(text)?.[0] ?? '');
}

function lineColumn(text: string, offset: number): LineColumn {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
