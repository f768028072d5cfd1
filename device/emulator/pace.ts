// Two ways to let virtual time pass: by the wall clock, or as fast as the host takes what comes out.
import type { Runner } from './runner';

export interface Pace {
  start(): void;
  /** Called just before bytes of the host, a state or a reset come into effect. */
  beforeCommand(): void;
  /** Called after bytes of the host were put on the line. */
  afterBytes(): void;
  acknowledged(): void;
  stop(): void;
}

/** Wall clock, in milliseconds. */
type Clock = () => number;

const REAL_STEP_MS = 4;
const MAX_BACKLOG_S = 0.25;

export class RealPace implements Pace {
  private timer: ReturnType<typeof setInterval> | undefined;
  private startedMs = 0;

  constructor(
    private readonly runner: Runner,
    private readonly clockMs: Clock,
  ) {}

  start(): void {
    this.startedMs = this.clockMs() - this.runner.timeS * 1000;
    this.timer = setInterval(() => {
      this.catchUp();
      if (this.runner.hasNews) this.runner.postOutput();
    }, REAL_STEP_MS);
  }

  beforeCommand(): void {
    this.catchUp();
  }

  afterBytes(): void {}

  acknowledged(): void {
    this.runner.acknowledged();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private catchUp(): void {
    const { runner } = this;
    const elapsedS = (this.clockMs() - this.startedMs) / 1000;
    const backlogS = elapsedS - runner.skippedS - runner.timeS;
    if (backlogS > MAX_BACKLOG_S) runner.skippedS += backlogS - MAX_BACKLOG_S;
    runner.run(elapsedS - runner.skippedS);
  }
}

const FREE_STEP_S = 0.02;
/** While the host may be waiting for an answer, steps are short and end with what the board has to say. */
const DIALOGUE_S = 0.05;
const DIALOGUE_SLICES = 10;
/** Longer than a character: a slice without one ends what was said. */
const SLICE_S = 0.0002;
/** A board that nobody talks to and that says nothing is not raced: it would only heat the room. */
const SILENCE_S = 0.5;

export class FreePace implements Pace {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private heardAtS = -Infinity;
  private activeAtS = 0;
  private waiting = false;

  constructor(private readonly runner: Runner) {}

  start(): void {
    this.step();
  }

  beforeCommand(): void {}

  afterBytes(): void {
    this.heardAtS = this.activeAtS = this.runner.timeS;
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.step();
  }

  acknowledged(): void {
    this.runner.acknowledged();
    if (!this.waiting) return;
    this.waiting = false;
    if (this.runner.timeS - this.activeAtS < SILENCE_S) this.step();
    else this.timer = setTimeout(() => this.step(), FREE_STEP_S * 1000);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting = false;
  }

  private step(): void {
    const { runner } = this;
    this.timer = undefined;
    if (runner.timeS - this.heardAtS < DIALOGUE_S) this.listen();
    else runner.run(runner.timeS + FREE_STEP_S);
    this.waiting = true;
    if (runner.postOutput()) this.activeAtS = runner.timeS;
  }

  private listen(): void {
    const { runner } = this;
    let said = 0;
    for (let slice = 0; slice < DIALOGUE_SLICES; slice++) {
      runner.run(runner.timeS + SLICE_S);
      if (said > 0 && runner.pendingBytes === said) return;
      said = runner.pendingBytes;
    }
  }
}
