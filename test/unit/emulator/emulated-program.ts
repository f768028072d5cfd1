// The emulated board behind the words of the firmware tests' programs (test/unit/firmware/simavr_runner.c): line in, line out.
import { Rig } from './rig';

export class EmulatedProgram {
  private readonly volts = [0, 0, 0, 0, 0, 0];
  private readonly rig = new Rig((pin) => this.volts[pin] ?? 0);

  ask(line: string): Promise<string> {
    return Promise.resolve(this.answer(line));
  }

  askAll(lines: readonly string[]): Promise<string[]> {
    return Promise.resolve(lines.map((line) => this.answer(line)));
  }

  end(): Promise<number> {
    return Promise.resolve(0);
  }

  private answer(line: string): string {
    const [word, first = '', second = ''] = line.split(' ');
    switch (word) {
      case 'send':
        this.rig.board.receive(Buffer.from(first, 'hex'));
        return 'ok';
      case 'volt':
        this.volts[Number(first)] = Number(second) / 1000;
        return 'ok';
      case 'run':
        this.rig.sent.length = 0;
        this.rig.run(Number(first) / 1e6);
        return Buffer.from(this.rig.sent.map((s) => s.byte)).toString('hex');
      default:
        throw new Error(`no such command: ${line}`);
    }
  }
}
