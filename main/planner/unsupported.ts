// What this planner does not do yet, refused by name.
import { InputFault } from '../../model/fault';

export function unsupported(path: string, what: string, advice = ''): InputFault {
  const sentence = `${path}: ${what}: not supported yet${advice === '' ? '' : `; ${advice}`}`;
  return new InputFault('unsupported', sentence, { path });
}

/** The command line's options that have no answer yet. */
export function unsupportedOption(option: '--pareto' | '--sensitivity'): InputFault {
  const what = option === '--pareto' ? 'the speed–cost front' : 'break-even values';
  return new InputFault(
    'unsupported',
    `${option} (${what}) is not supported yet; leave it out to get the plan itself`,
    {
      path: option,
    },
  );
}
