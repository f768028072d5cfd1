// One sequence of bytes for a table, so that its hash tells whether two models saw the same data.

import type { Table } from './table';

/** A line of JSON (names, units, rows), the numbers as little-endian float64 column after column, then labels and groups as JSON. */
export function tableBytes(table: Table): Uint8Array {
  const { columns, rows, label, group, timeSeries = false } = table;
  const text = new TextEncoder();
  const named = (c: { name: string; unit?: string | undefined }): (string | null)[] => [c.name, c.unit ?? null];
  const head = text.encode(
    JSON.stringify([columns.map(named), rows, label ? named(label) : null, group ? named(group) : null, timeSeries]) +
      '\n',
  );
  const tail = text.encode(JSON.stringify([label?.values ?? null, group?.values ?? null]));
  const bytes = new Uint8Array(head.length + 8 * rows * columns.length + tail.length);
  const view = new DataView(bytes.buffer);
  bytes.set(head);
  let at = head.length;
  for (const column of table.values) {
    for (const value of column) {
      view.setFloat64(at, value, true); // every NaN has one pattern: ECMAScript leaves it open, so it is set
      if (Number.isNaN(value)) view.setBigUint64(at, 0x7ff8000000000000n, true);
      at += 8;
    }
  }
  bytes.set(tail, at);
  return bytes;
}
