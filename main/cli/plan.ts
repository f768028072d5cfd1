// `plan`: a lab file's sole compute point, why this one and not the others.
import { type Explanation, explain } from '../planner/explain';
import { parseLab } from '../planner/lab';
import { type PlanResult, plan } from '../planner/plan';
import { Exit } from '../sentences';
import { readText } from '../store/csv';
import { InputFault } from '../../model/fault';
import { inFile } from './in-file';
import type { Output } from './output';

export interface PlanOptions {
  pareto?: boolean | undefined;
  sensitivity?: string[] | undefined;
}

export async function planCommand(file: string, options: PlanOptions, output: Output): Promise<number> {
  if (options.pareto === true) throw notYet('--pareto', 'the front of speed against cost');
  if (options.sensitivity !== undefined) throw notYet('--sensitivity', 'where the answer changes');
  const text = readText(file);
  const { result, paragraph, rejected } = answer(text, file);
  output.say(paragraph);
  for (const sentence of Object.values(rejected)) output.say(sentence);
  output.result(result);
  return result.feasible ? Exit.done : Exit.infeasible;
}

function answer(text: string, file: string): { result: PlanResult } & Explanation {
  try {
    const lab = parseLab(text, file);
    const result = plan(lab);
    return { result, ...explain(lab, result) };
  } catch (error) {
    throw inFile(file, error);
  }
}

function notYet(option: string, what: string): InputFault {
  return new InputFault('unsupported', `plan ${option} (${what}) is not in this version. Leave it out.`, {
    path: option,
  });
}
