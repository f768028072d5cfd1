// What this planner does not do yet, refused by name.
import { InputFault } from '../../model/fault';

export function unsupported(path: string, what: string, advice = ''): InputFault {
  const sentence = `${path}: ${what}: not supported yet${advice === '' ? '' : `; ${advice}`}`;
  return new InputFault('unsupported', sentence, { path });
}
