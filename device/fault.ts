// Expected failures of devices, as codes. main/sentences.ts turns a code into words and an exit code.

export type DeviceFaultCode =
  | 'notFound' // no such port
  | 'busy' // another program has it
  | 'noAccess' // the system refuses
  | 'noAnswer' // opened, but silent
  | 'unplugged' // gone while in use
  | 'refused' // the board answered with an error
  | 'mismatch' // it answered, but not what the protocol says, or not what was expected of it
  | 'overflow' // a queue with a limit is full
  | 'unsupported' // this device cannot do that
  | 'fault'; // the system's own message says more

export class DeviceFault extends Error {
  constructor(
    readonly code: DeviceFaultCode,
    /** The path or id a person knows the device by. */
    readonly device: string,
    /** What exactly: the system's message, the error's name in the protocol. */
    readonly detail = '',
  ) {
    super(`${code}: ${device}${detail === '' ? '' : `: ${detail}`}`);
    this.name = 'DeviceFault';
  }
}
