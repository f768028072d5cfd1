// A device's readings into a recording: raw counts with their calibration, times and sequence numbers.
import type { Readings } from '../../device/readings';
import type { ColumnData } from '../store/database';
import type { Project } from '../store/project';
import type { RecordingWriter } from '../store/recordings';
import type { DeviceSession } from './session';

const FLUSH_MS = 500;

export class Recorder {
  private readonly timer: ReturnType<typeof setInterval>;
  private constructor(
    readonly label: string,
    readonly startedMs: number,
    private readonly writer: RecordingWriter,
    private readonly clockMs: () => number,
  ) {
    // Rows that came before a stall are committed although no more come.
    this.timer = setInterval(() => this.writer.flush(this.clockMs()), FLUSH_MS);
  }

  static async start(
    project: Project,
    session: DeviceSession,
    label: string,
    clockMs: () => number,
  ): Promise<Recorder> {
    const board = session.connectedBoard();
    const startedMs = clockMs();
    const writer = await project.recordings.create({
      label,
      source: session.path,
      device: board.info.name,
      firmware: board.info.build,
      simulated: session.source.simulated,
      rateHz: session.rateHz,
      startedMs,
      channels: session.channels.map(({ name, unit, unitPerCount, offset }) => ({
        name,
        unit,
        kind: 'number',
        calibration: { unitPerCount, offset },
      })),
    });
    return new Recorder(label, startedMs, writer, clockMs);
  }

  get id(): number {
    return this.writer.id;
  }

  get rows(): number {
    return this.writer.rows;
  }

  add(readings: Readings, from = 0, to = readings.rows): void {
    const rows = to - from;
    if (rows <= 0) return;
    const columns: ColumnData[] = [
      readings.sequence.subarray(from, to),
      readings.timeS.subarray(from, to),
      readings.deviceTimeS.subarray(from, to),
    ];
    for (let c = 0; c < readings.channels; c++) {
      const column = new Int16Array(rows);
      for (let r = 0; r < rows; r++) column[r] = readings.raw[(from + r) * readings.channels + c] as number;
      columns.push(column);
    }
    this.writer.append(columns, rows, this.clockMs());
  }

  async finish(state: 'complete' | 'interrupted'): Promise<void> {
    clearInterval(this.timer);
    await this.writer.finish(state);
  }
}
