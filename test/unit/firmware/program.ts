// A child process that answers each line with a line: the core's driver on the host, the image in simavr.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Program {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve(line: string): void; reject(reason: Error): void }[] = [];
  private ended: Error | undefined;
  private complaint = '';

  constructor(path: string, args: readonly string[] = []) {
    this.child = spawn(path, args);
    this.child.stderr.on('data', (text: Buffer) => (this.complaint = (this.complaint + text.toString()).slice(-4000)));
    this.child.stdin.on('error', () => {}); // what follows is told by `close`
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(line));
    this.child.on('close', (code, signal) => {
      this.ended = new Error(`${path} ended (${code ?? signal}): ${this.complaint}`);
      for (const one of this.waiting.splice(0)) one.reject(this.ended);
    });
  }

  ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended);
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${line}\n`);
    });
  }

  /** Many at once: no turn-round between them. */
  askAll(lines: readonly string[]): Promise<string[]> {
    return Promise.all(lines.map((line) => this.ask(line)));
  }

  /** Resolves with the exit code. */
  async end(): Promise<number | null> {
    if (this.ended !== undefined) throw this.ended;
    const closed = new Promise<number | null>((resolve) => this.child.on('close', (code) => resolve(code)));
    this.child.stdin.end();
    return closed;
  }
}
