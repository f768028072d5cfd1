// A board with its simulated machine, as the two paces drive it: commands in, output and progress out.
import { parseHex } from './avr/hex';
import { EmulatedBoard, FLASH_BYTES } from './board';
import { type EmulatorSettings, type FromEmulator, MAX_UNACKNOWLEDGED } from './messages';
import { Output } from './output';
import { scenario, type Signals } from './scenarios/scenario';

export class Runner {
  skippedS = 0;
  private readonly board: EmulatedBoard;
  private readonly signals: Signals;
  private readonly output: Output;
  private received = 0;
  private unacknowledged = 0;
  private droppedBytes = 0;
  private toldEnteredBytes = 0;
  private toldSkippedS = 0;

  /** Throws DeviceFault or HexError. */
  constructor(
    settings: EmulatorSettings,
    pauseS: number,
    private readonly post: (message: FromEmulator, transfer: ArrayBuffer[]) => void,
  ) {
    const image = parseHex(settings.imageHex, FLASH_BYTES);
    this.signals = scenario(settings.scenario).create(settings.seed);
    this.signals.setState(settings.state, 0);
    const output = new Output(pauseS);
    this.output = output;
    this.board = new EmulatedBoard({
      image,
      signals: this.signals,
      onByte: (byte, timeS) => output.add(byte, timeS),
    });
  }

  get timeS(): number {
    return this.board.timeS;
  }

  run(untilS: number): void {
    this.board.run(untilS);
  }

  receive(bytes: Uint8Array): void {
    this.received += this.board.receive(bytes);
  }

  setState(id: string): void {
    this.signals.setState(id, this.timeS);
    this.post({ type: 'state', id, atS: this.timeS }, []);
  }

  reset(): void {
    this.board.reset();
  }

  /** Sent by the board and not yet posted. */
  get pendingBytes(): number {
    return this.output.pendingBytes;
  }

  /** Whether there is anything to tell since the last output. */
  get hasNews(): boolean {
    return this.pendingBytes > 0 || this.enteredBytes !== this.toldEnteredBytes || this.skippedS !== this.toldSkippedS;
  }

  acknowledged(): void {
    this.unacknowledged--;
  }

  /** Posts what was sent since the last time; returns whether there was anything. */
  postOutput(): boolean {
    const pieces = this.output.take();
    const sent = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
    if (this.unacknowledged >= MAX_UNACKNOWLEDGED) {
      this.droppedBytes += sent;
      return sent > 0;
    }
    this.unacknowledged++;
    const { timeS, skippedS, droppedBytes, enteredBytes } = this;
    this.toldEnteredBytes = enteredBytes;
    this.toldSkippedS = skippedS;
    this.post(
      { type: 'output', pieces, progress: { timeS, enteredBytes, skippedS, droppedBytes } },
      pieces.map((piece) => piece.bytes.buffer as ArrayBuffer),
    );
    return sent > 0;
  }

  private get enteredBytes(): number {
    return this.received - this.board.waitingBytes;
  }
}
