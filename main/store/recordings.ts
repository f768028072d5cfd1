// Recordings: one table of rows each, and what is known of it. Rows are committed at least once a second while they come.
import { type Appender, type ColumnData, type ColumnKind, type Database, type Row, sqlType } from './database';
import { StoreFault } from './fault';

export interface StoredChannel {
  name: string;
  unit: string;
  kind: 'number' | 'text';
  /** Raw counts are stored as they came; a value is count · unitPerCount + offset. Null where the values themselves are stored. */
  calibration: { unitPerCount: number; offset: number } | null;
}

export interface NewRecording {
  label: string;
  /** Device path, or the file it was imported from. */
  source: string;
  device: string;
  firmware: string;
  simulated: boolean;
  rateHz: number;
  startedMs: number;
  channels: StoredChannel[];
}

export interface Recording extends NewRecording {
  id: number;
  state: 'recording' | 'complete' | 'interrupted';
  deleted: boolean;
  rows: number;
  seconds: number;
  /** Readings missing inside. */
  missing: number;
  gaps: number;
}

const schema = `
  CREATE SEQUENCE IF NOT EXISTS recording_id;
  CREATE TABLE IF NOT EXISTS recordings (
    id INTEGER PRIMARY KEY DEFAULT nextval('recording_id'), label VARCHAR NOT NULL, source VARCHAR NOT NULL, device VARCHAR NOT NULL,
    firmware VARCHAR NOT NULL, simulated BOOLEAN NOT NULL, rate_hz DOUBLE NOT NULL, started_ms DOUBLE NOT NULL,
    state VARCHAR NOT NULL, deleted BOOLEAN NOT NULL DEFAULT false);
  CREATE TABLE IF NOT EXISTS channels (
    recording INTEGER NOT NULL, position INTEGER NOT NULL, name VARCHAR NOT NULL, unit VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    unit_per_count DOUBLE, offset_units DOUBLE);`;

const tableOf = (id: number): string => `recording_${id}`;
const kindOf = (channel: StoredChannel): ColumnKind =>
  channel.kind === 'text' ? 'text' : channel.calibration === null ? 'double' : 'smallint';

export class Recordings {
  private readonly writers = new Set<RecordingWriter>();

  private constructor(
    private readonly database: Database,
    private readonly path: string,
  ) {}

  /**
   * A recording that was being written when the last process ended is whole up to its last commit: it is marked as interrupted.
   * What was deleted, and an import that did not end, goes now.
   */
  static async open(database: Database, path: string): Promise<Recordings> {
    await database.run(schema);
    await database.run("UPDATE recordings SET state = 'interrupted' WHERE state = 'recording'");
    const recordings = new Recordings(database, path);
    for (const row of await database.rows("SELECT id FROM recordings WHERE deleted OR state = 'importing'"))
      await recordings.erase(Number(row['id']));
    return recordings;
  }

  async create(recording: NewRecording, state: 'recording' | 'importing' = 'recording'): Promise<RecordingWriter> {
    let id = 0;
    await this.database.transaction(async () => {
      const r = recording;
      const inserted = await this.database.rows(
        `INSERT INTO recordings (label, source, device, firmware, simulated, rate_hz, started_ms, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
        [r.label, r.source, r.device, r.firmware, r.simulated, r.rateHz, r.startedMs, state],
      );
      id = Number(inserted[0]?.['id']);
      for (const [position, channel] of r.channels.entries()) {
        await this.database.run('INSERT INTO channels VALUES ($1, $2, $3, $4, $5, $6, $7)', [
          id,
          position,
          channel.name,
          channel.unit,
          channel.kind,
          channel.calibration?.unitPerCount ?? null,
          channel.calibration?.offset ?? null,
        ]);
      }
      const columns = r.channels.map((channel, c) => `c${c} ${sqlType[kindOf(channel)]}`);
      await this.database.run(
        `CREATE TABLE ${tableOf(id)} (sequence DOUBLE, time_s DOUBLE, device_time_s DOUBLE, ${columns.join(', ')})`,
      );
    });
    const kinds: ColumnKind[] = ['double', 'double', 'double', ...recording.channels.map(kindOf)];
    const writer = new RecordingWriter(id, this.database, await this.database.appender(tableOf(id), kinds), () =>
      this.writers.delete(writer),
    );
    this.writers.add(writer);
    return writer;
  }

  async list(): Promise<Recording[]> {
    const rows = await this.database.rows("SELECT * FROM recordings WHERE state <> 'importing' ORDER BY id");
    return Promise.all(rows.map((row) => this.describe(row)));
  }

  async get(id: number): Promise<Recording> {
    const row = (await this.database.rows('SELECT * FROM recordings WHERE id = $1', [id]))[0];
    if (row === undefined) throw new StoreFault('noRecording', this.path, String(id));
    return this.describe(row);
  }

  private async describe(row: Row): Promise<Recording> {
    const id = Number(row['id']);
    const channels = await this.database.rows('SELECT * FROM channels WHERE recording = $1 ORDER BY position', [id]);
    const extent = (
      await this.database.rows(`SELECT count(*)::DOUBLE AS n, max(time_s) - min(time_s) AS seconds FROM ${tableOf(id)}`)
    )[0];
    const gaps = (
      await this.database.rows(
        `SELECT count(*)::DOUBLE AS n, coalesce(sum(step - 1), 0)::DOUBLE AS missing
         FROM (SELECT sequence - lag(sequence) OVER (ORDER BY rowid) AS step FROM ${tableOf(id)}) WHERE step > 1`,
      )
    )[0];
    return {
      id,
      label: String(row['label']),
      source: String(row['source']),
      device: String(row['device']),
      firmware: String(row['firmware']),
      simulated: row['simulated'] === true,
      rateHz: Number(row['rate_hz']),
      startedMs: Number(row['started_ms']),
      state: row['state'] === 'complete' || row['state'] === 'recording' ? row['state'] : 'interrupted',
      deleted: row['deleted'] === true,
      channels: channels.map((c) => ({
        name: String(c['name']),
        unit: String(c['unit']),
        kind: c['kind'] === 'text' ? 'text' : 'number',
        calibration:
          c['unit_per_count'] === null
            ? null
            : { unitPerCount: Number(c['unit_per_count']), offset: Number(c['offset_units']) },
      })),
      rows: Number(extent?.['n'] ?? 0),
      seconds: Number(extent?.['seconds'] ?? 0),
      missing: Number(gaps?.['missing'] ?? 0),
      gaps: Number(gaps?.['n'] ?? 0),
    };
  }

  async relabel(id: number, label: string): Promise<void> {
    await this.get(id);
    await this.database.run('UPDATE recordings SET label = $2 WHERE id = $1', [id, label]);
  }

  /** Marks as deleted; the rows go when the project is opened next, so it can be undone until then. */
  async setDeleted(id: number, deleted: boolean): Promise<void> {
    const { state } = await this.get(id);
    if (state === 'recording') throw new StoreFault('fault', this.path, `recording ${id} is still being written`);
    await this.database.run('UPDATE recordings SET deleted = $2 WHERE id = $1', [id, deleted]);
  }

  private async erase(id: number): Promise<void> {
    await this.database.transaction(async () => {
      await this.database.run(`DROP TABLE IF EXISTS ${tableOf(id)}`);
      await this.database.run('DELETE FROM channels WHERE recording = $1', [id]);
      await this.database.run('DELETE FROM recordings WHERE id = $1', [id]);
    });
  }

  /** Seconds from the first row, and the values of the numeric channels in their units, in order of time. */
  async values(recording: Recording): Promise<{ timeS: Float64Array; sequence: Float64Array; values: Float64Array[] }> {
    const sql = recording.channels.map((channel, c) => {
      if (channel.kind === 'text') return `CAST(NULL AS DOUBLE)`;
      const k = channel.calibration;
      return k === null ? `c${c}` : `c${c} * CAST(${k.unitPerCount} AS DOUBLE) + CAST(${k.offset} AS DOUBLE)`;
    });
    const [sequence, timeS, ...values] = await this.database.doubles(
      `SELECT sequence, time_s - (SELECT min(time_s) FROM ${tableOf(recording.id)}), ${sql.join(', ')}
       FROM ${tableOf(recording.id)} ORDER BY rowid`,
      recording.channels.length + 2,
    );
    return { timeS: timeS ?? new Float64Array(0), sequence: sequence ?? new Float64Array(0), values };
  }

  /** Raw counts of the numeric channels, row-major; null where the recording holds values, not counts. */
  async raw(recording: Recording): Promise<Int16Array | null> {
    if (recording.channels.some((channel) => channel.calibration === null)) return null;
    const n = recording.channels.length;
    const columns = await this.database.doubles(
      `SELECT ${recording.channels.map((_, c) => `c${c}`).join(', ')} FROM ${tableOf(recording.id)} ORDER BY rowid`,
      n,
    );
    const rows = columns[0]?.length ?? 0;
    const raw = new Int16Array(rows * n);
    columns.forEach((column, c) => column.forEach((value, r) => (raw[r * n + c] = value)));
    return raw;
  }

  async texts(recording: Recording, channel: number): Promise<string[]> {
    const rows = await this.database.rows(`SELECT c${channel} AS text FROM ${tableOf(recording.id)} ORDER BY rowid`);
    return rows.map((row) => String(row['text'] ?? ''));
  }

  async close(): Promise<void> {
    for (const writer of [...this.writers]) await writer.finish('interrupted');
  }
}

const FLUSH_MS = 500;

/** Takes rows in columns and commits them twice a second. */
export class RecordingWriter {
  rows = 0;
  private unflushed = 0;
  private flushedAtMs = 0;
  private finished = false;

  constructor(
    readonly id: number,
    private readonly database: Database,
    private readonly appender: Appender,
    private readonly onFinished: () => void,
  ) {}

  /** `columns`: sequence, time in s, device time in s, then one for each channel. */
  append(columns: readonly ColumnData[], rows: number, nowMs: number): void {
    if (this.finished || rows === 0) return;
    if (this.unflushed === 0 && this.rows === 0) this.flushedAtMs = nowMs;
    this.appender.append(columns, rows);
    this.rows += rows;
    this.unflushed += rows;
    if (nowMs - this.flushedAtMs >= FLUSH_MS) this.flush(nowMs);
  }

  /** Commits what has come; called by a timer too, so that a stream that stalls loses nothing. */
  flush(nowMs: number): void {
    if (this.finished || this.unflushed === 0) return;
    this.appender.flush();
    this.unflushed = 0;
    this.flushedAtMs = nowMs;
  }

  async finish(state: 'complete' | 'interrupted'): Promise<void> {
    if (this.finished) return;
    this.finished = true;
    this.onFinished();
    this.appender.close();
    await this.database.run('UPDATE recordings SET state = $2 WHERE id = $1', [this.id, state]);
  }
}
