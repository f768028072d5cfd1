// Expected failures of a project on disk, as codes. main/sentences.ts turns them into words and exit codes.

export type StoreFaultCode =
  | 'projectBusy' // another process has it open
  | 'notAProject' // the folder is there, a project is not in it
  | 'newerFormat' // written by a later version of the app
  | 'noRecording' // no recording of that number
  | 'fault'; // the system's or the database's own message

export class StoreFault extends Error {
  constructor(
    readonly code: StoreFaultCode,
    readonly path: string,
    readonly detail = '',
  ) {
    super(`${code}: ${path}${detail === '' ? '' : `: ${detail}`}`);
    this.name = 'StoreFault';
  }
}
