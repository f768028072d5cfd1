// The one place where a failure becomes words and an exit code: what is the case, and what to do.
import { DeviceFault } from '../device/fault';
import { InputFault, type Place } from '../model/fault';
import { StoreFault } from './store/fault';

/** Exit codes of the command line. */
export const Exit = { done: 0, fault: 1, usage: 2, badInput: 3, device: 4, infeasible: 5, interrupted: 130 } as const;

export interface Described {
  code: string;
  message: string;
  exitCode: number;
  place: Place;
}

export class UsageFault extends Error {
  readonly code = 'usage';
}

/** Ctrl-C in a command that has no result before its end. */
export class Interrupted extends Error {
  readonly code = 'interrupted';
}

export function describe(error: unknown): Described {
  if (error instanceof InputFault)
    return { code: error.code, message: error.message, exitCode: Exit.badInput, place: error.place };
  if (error instanceof DeviceFault)
    return { code: error.code, message: deviceSentence(error), exitCode: Exit.device, place: {} };
  if (error instanceof StoreFault) {
    return { code: error.code, message: storeSentence(error), exitCode: Exit.badInput, place: { file: error.path } };
  }
  if (error instanceof UsageFault) return { code: error.code, message: error.message, exitCode: Exit.usage, place: {} };
  if (error instanceof Interrupted)
    return { code: error.code, message: error.message, exitCode: Exit.interrupted, place: {} };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'fault',
    message: `Something went wrong inside the program: ${message}`,
    exitCode: Exit.fault,
    place: {},
  };
}

function deviceSentence({ code, device, detail }: DeviceFault): string {
  switch (code) {
    case 'notFound':
      return `There is no port ${device}${detail === '' ? '' : ` (${detail})`}. Plug the board in, or list the ports with "devices".`;
    case 'busy':
      return `${device} is used by another program. Close it there, or choose another port.`;
    case 'noAccess':
      return `The system does not let you open ${device}. On Linux, run "sudo usermod -aG dialout $USER" and log in again.`;
    case 'noAnswer':
      return `${device} is open but does not answer (${detail}). Check that the board runs the Lepton firmware at 115200 baud, then press its reset button.`;
    case 'unplugged':
      return `${device} is gone. Check the cable; it is used again as soon as it is back.`;
    case 'refused':
      return `The board at ${device} refused a request: ${detail}.`;
    case 'mismatch':
      return `${device} answered something unexpected: ${detail}. Update the board's firmware, or check that it is a Lepton board.`;
    case 'overflow':
      return `${device} does not take what is sent to it fast enough: the queue of ${detail} is full. Check the cable, then connect again.`;
    case 'unsupported':
      return `${device} cannot do this: ${detail}.`;
    case 'fault':
      return `${device} failed: ${detail}.`;
    default:
      return code satisfies never;
  }
}

function storeSentence({ code, path, detail }: StoreFault): string {
  switch (code) {
    case 'projectBusy':
      return `The project ${path} is open in another program${detail === '' ? '' : `: ${detail}`}. Close it there first.`;
    case 'notAProject':
      return `${path} is not a project${detail === '' ? '' : `: ${detail}`}. Name a project's folder, or record into an empty one to make it.`;
    case 'newerFormat':
      return `${path} was written by a newer version of this program: ${detail}. Update this program.`;
    case 'noRecording':
      return `The project ${path} has no recording ${detail}.`;
    case 'fault':
      return `The project ${path} cannot be used: ${detail}.`;
    default:
      return code satisfies never;
  }
}
