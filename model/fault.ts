// Bad input: what, where and what to do, in one sentence, with the place apart from it for machines.

export interface Place {
  readonly file?: string | undefined;
  /** 1-based. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** JSON path such as `layers[1].weights`, or a column's name. */
  readonly path?: string | undefined;
}

export class InputFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly place: Place = {},
  ) {
    super(message);
    this.name = 'InputFault';
  }
}
