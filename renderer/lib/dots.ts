// How many dots fit beside each other.

const columnChoices = [20, 25, 40, 50, 100, 125, 200];
const leastCellPx = 7;
const greatestCellPx = 14;

/** Square cells; columns such that a thousand dots fill whole rows. */
export function dotGrid(total: number, widthPx: number): { columns: number; cell: number; height: number } {
  const fitting = columnChoices.filter((columns) => widthPx / columns >= leastCellPx);
  const columns = fitting[fitting.length - 1] ?? 20;
  const cell = Math.min(greatestCellPx, Math.max(1, widthPx / columns));
  return { columns, cell, height: Math.ceil(total / columns) * cell };
}
