// How many readings a second arrive, over the last two seconds.

const WINDOW_S = 2;
const MAX_MARKS = 256;

export class RateMeter {
  private marks: { timeS: number; total: number }[] = [];
  private total = 0;

  add(rows: number, timeS: number): void {
    this.total += rows;
    this.marks.push({ timeS, total: this.total });
    const first = this.marks.findIndex((mark) => mark.timeS >= timeS - WINDOW_S);
    if (first > 1 || this.marks.length > MAX_MARKS)
      this.marks.splice(0, Math.max(first - 1, this.marks.length - MAX_MARKS));
  }

  /** 0 until there are two marks, and when the last is older than the window. */
  hz(nowS: number): number {
    const first = this.marks[0];
    const last = this.marks.at(-1);
    if (first === undefined || last === undefined || last.timeS <= first.timeS || nowS - last.timeS > WINDOW_S)
      return 0;
    return (last.total - first.total) / (last.timeS - first.timeS);
  }

  reset(): void {
    this.marks = [];
    this.total = 0;
  }
}
