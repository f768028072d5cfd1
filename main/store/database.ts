// The one file that knows DuckDB: open, ask, append columns. A project is one database file in its folder.
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  DOUBLE,
  SMALLINT,
  VARCHAR,
} from '@duckdb/node-api';
import { StoreFault } from './fault';

export type Row = Record<string, unknown>;
export type ColumnKind = 'double' | 'smallint' | 'text';
export type ColumnData = Float64Array | Int16Array | readonly string[];

const types: Record<ColumnKind, DuckDBType> = { double: DOUBLE, smallint: SMALLINT, text: VARCHAR };
export const sqlType: Record<ColumnKind, string> = { double: 'DOUBLE', smallint: 'SMALLINT', text: 'VARCHAR' };
/** DuckDB's own vector size: what one data chunk holds. */
const CHUNK_ROWS = 2048;

export class Database {
  private transactions: Promise<void> = Promise.resolve();
  private readonly queries = new Set<Promise<unknown>>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** Creates the file when it is not there. Throws StoreFault `projectBusy` with the process that has it. */
  static async open(path: string): Promise<Database> {
    try {
      const instance = await DuckDBInstance.create(path, { threads: '1' });
      return new Database(instance, await instance.connect());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const holder = /Conflicting lock is held in (.*?)(?: \(deleted\))? \(PID (\d+)\)/.exec(message);
      if (holder !== null) throw new StoreFault('projectBusy', path, `${holder[1]} (process ${holder[2]})`);
      if (/already attached|same unique file|being used by another process/i.test(message))
        throw new StoreFault('projectBusy', path);
      throw new StoreFault('fault', path, message.split('\n')[0] ?? message);
    }
  }

  async run(sql: string, values: DuckDBValue[] = []): Promise<void> {
    await this.counted(this.connection.run(sql, values));
  }

  async rows(sql: string, values: DuckDBValue[] = []): Promise<Row[]> {
    return (await this.counted(this.connection.runAndReadAll(sql, values))).getRowObjectsJS();
  }

  /** A query works in another thread: closing under it would end the process. */
  private counted<T>(query: Promise<T>): Promise<T> {
    this.queries.add(query);
    const done = (): void => void this.queries.delete(query);
    query.then(done, done);
    return query;
  }

  /** All or nothing. */
  transaction(work: () => Promise<void>): Promise<void> {
    // One connection has one transaction at a time: the next waits for the one before, however that ends.
    const turn = this.transactions.then(async () => {
      await this.run('BEGIN');
      try {
        await work();
        await this.run('COMMIT');
      } catch (error) {
        await this.run('ROLLBACK');
        throw error;
      }
    });
    this.transactions = turn.catch(() => undefined);
    return turn;
  }

  /** Numeric columns of a query as Float64Array, NULL as NaN. */
  async doubles(sql: string, columns: number, values: DuckDBValue[] = []): Promise<Float64Array[]> {
    const chunks = await this.counted(this.connection.run(sql, values).then((result) => result.fetchAllChunks()));
    const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    const out = Array.from({ length: columns }, () => new Float64Array(rows));
    let at = 0;
    for (const chunk of chunks) {
      for (let c = 0; c < columns; c++) {
        const vector = chunk.getColumnVector(c);
        const column = out[c] as Float64Array;
        for (let r = 0; r < chunk.rowCount; r++) column[at + r] = Number(vector.getItem(r) ?? NaN);
      }
      at += chunk.rowCount;
    }
    return out;
  }

  async appender(table: string, kinds: readonly ColumnKind[]): Promise<Appender> {
    // A connection of its own: its commits do not mix with the transactions of this one.
    const connection = await this.instance.connect();
    return new Appender(connection, await connection.createAppender(table), kinds);
  }

  /** Waits for the queries under way. */
  async close(): Promise<void> {
    while (this.queries.size > 0) await Promise.allSettled([...this.queries]);
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Adds rows by columns. What `flush` returned from is on disk, whatever happens to the process. */
export class Appender {
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly appender: DuckDBAppender,
    private readonly kinds: readonly ColumnKind[],
  ) {}

  append(columns: readonly ColumnData[], rows: number): void {
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - from);
      const chunk = DuckDBDataChunk.create(
        this.kinds.map((kind) => types[kind]),
        count,
      );
      columns.forEach((column, c) => fill(chunk, c, column, from, count));
      this.appender.appendDataChunk(chunk);
    }
  }

  flush(): void {
    this.appender.flushSync();
  }

  close(): void {
    this.appender.closeSync();
    this.connection.closeSync();
  }
}

function fill(chunk: DuckDBDataChunk, index: number, data: ColumnData, from: number, count: number): void {
  const vector = chunk.getColumnVector(index);
  if (data instanceof Float64Array || data instanceof Int16Array) {
    // The vector's own array is not public but five times faster than a call for each value; fall back where it is not what we know.
    const items: unknown = Reflect.get(vector, 'items');
    if (items instanceof data.constructor && 'set' in items && typeof items.set === 'function') {
      items.set(data.subarray(from, from + count));
      vector.flush();
      return;
    }
  }
  const values: (number | string)[] = [];
  for (const value of data.slice(from, from + count)) values.push(value);
  chunk.setColumnValues(index, values);
}
