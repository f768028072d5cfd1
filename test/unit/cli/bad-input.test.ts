import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Project } from '../../../main/store/project';
import { document, folder, hash, run, twoClasses } from './cli';

interface ErrorDocument {
  error: { code: string; message: string; file?: string; line?: number; column?: number; path?: string };
}

const garbage = Uint8Array.from({ length: 4000 }, (_, i) => (i * i * 31 + i * 7) % 256);
const good = twoClasses();
const place = folder({
  'good.csv': good,
  'empty.csv': '',
  'header.csv': 'a,b,kind\n',
  'text.csv': good.replace(/\n[^,]*,[^,]*,cold/, '\n0.5,oops,cold'),
  'one.csv': good.replaceAll('hot', 'cold'),
  'garbage.bin': garbage,
  'lab.json': JSON.stringify({ job: { period_s: -1 } }),
});
mkdirSync(join(place, 'folder'));
writeFileSync(join(place, 'folder', 'file'), '');
const at = (name: string): string => join(place, name);
const train = (file: string, ...more: string[]): string[] => [
  ...['train', at(file), '--label', 'kind', '--hidden', '2', '--epochs', '2', '--out', at('made.lepton.json'), ...more],
];

beforeAll(async () => {
  const made = await run('train', at('good.csv'), '--label', 'kind', '--epochs', '3', '--out', at('m.lepton.json'));
  expect(made.code, made.stderr).toBe(0);
  const text = readFileSync(at('m.lepton.json'), 'utf8');
  writeFileSync(at('cut.json'), text.slice(0, text.length / 2));
  writeFileSync(at('shape.json'), text.replace(/"weights":\s*"[^"]{8}/, '"weights":"'));
  writeFileSync(at('other.json'), '{"a":1}');
});

/** Name of the case, arguments, exit code, error code, and what the sentence must say. */
const cases: [string, () => string[], number, string, ...(string | RegExp)[]][] = [
  ['an unknown command', () => ['nothing'], 2, 'usage', 'nothing'],
  ['a missing argument', () => ['plan'], 2, 'usage', 'lab'],
  ['a missing option', () => ['train', at('good.csv')], 2, 'usage', '--label'],
  ['a number that is none', () => ['monitor', 'demo', '--seconds', 'x'], 2, 'usage', '--seconds'],
  ['a missing file', () => train('nope.csv'), 3, 'noFile', 'There is no file', 'nope.csv'],
  ['an empty file', () => train('empty.csv'), 3, 'emptyFile', 'empty.csv'],
  ['a header without rows', () => train('header.csv'), 3, 'noRows', 'header.csv'],
  ['a folder where a file is needed', () => ['predict', at('folder'), at('good.csv')], 3, 'noFile', 'folder'],
  ['a folder that is not a project', () => train('folder'), 3, 'notAProject', 'folder'],
  ['text in a column of numbers', () => train('text.csv'), 3, 'notANumber', 'text.csv, line 2, column 2 (b): "oops"'],
  ['an absent label', () => train('good.csv', '--label', 'x'), 3, 'noColumn', 'good.csv', 'a, b, kind'],
  ['an absent feature', () => train('good.csv', '--features', 'a,zz'), 3, 'noColumn', 'zz', 'a, b, kind'],
  ['one class only', () => train('one.csv'), 3, 'oneClass', 'one.csv', '"cold"'],
  ['garbage as CSV', () => train('garbage.bin'), 3, 'badCsv', 'garbage.bin'],
  ['an --out in no folder', () => train('good.csv', '--out', at('no/m.json')), 3, 'cannotWrite', 'no folder'],
  ['an --out that is a folder', () => train('good.csv', '--out', at('folder')), 3, 'cannotWrite', 'folder'],
  ['a model cut short', () => ['predict', at('cut.json'), at('good.csv')], 3, 'notJson', 'cut.json'],
  ['a model of a wrong shape', () => ['evaluate', at('shape.json'), at('good.csv')], 3, '', 'shape.json'],
  ['a JSON file that is no model', () => ['predict', at('other.json'), at('good.csv')], 3, '', 'other.json'],
  ['garbage as a model', () => ['deploy', at('garbage.bin'), 'demo'], 3, 'notJson', 'garbage.bin'],
  ['rows without a column', () => ['predict', at('m.lepton.json'), at('other.json')], 3, '', 'other.json'],
  ['garbage as a lab', () => ['plan', at('garbage.bin')], 3, 'badJson', 'garbage.bin'],
  ['a wrong lab', () => ['plan', at('lab.json')], 3, 'badLab', 'lab.json'],
  ['no port to monitor', () => ['monitor', at('ttyX')], 4, 'notFound', 'ttyX', 'devices'],
  ['no port to record', () => ['record', at('ttyX'), '--project', at('new'), '--label', 'a'], 4, 'notFound', 'ttyX'],
  ['no port to deploy to', () => ['deploy', at('m.lepton.json'), at('ttyX')], 4, 'notFound', 'ttyX'],
  ['no port to verify on', () => ['verify', at('m.lepton.json'), at('ttyX')], 4, 'notFound', 'ttyX'],
  ['a model for another board', () => ['deploy', at('m.lepton.json'), 'demo'], 3, 'noChannel', '"a"', 'speed'],
  ['an unknown scenario', () => ['demo', '--scenario', 'moon'], 3, 'noScenario', 'industrial'],
  [
    'an import of which the second file is bad',
    () => ['import', at('good.csv'), at('text.csv'), '--project', at('new')],
    3,
    'notANumber',
    'text.csv, line 2',
  ],
  ['a project in a folder of others', () => ['import', at('good.csv'), '--project', at('folder')], 3, 'notAProject'],
];

describe('bad input gets one sentence, its exit code, one document with --json, and changes nothing', () => {
  test.for(cases)('%s', async ([, args, exitCode, code, ...says]) => {
    const before = hash(place);
    const ended = await run(...args(), '--json');
    const { error } = document<ErrorDocument>(ended);
    expect(ended.code, ended.stderr).toBe(exitCode);
    if (code !== '') expect(error.code).toBe(code);
    for (const part of says) expect(error.message).toMatch(part);
    expect(error.message).not.toMatch(/\n| at .*\.cjs/);
    expect(hash(place)).toBe(before);
  });

  test.for('devices monitor record import train predict evaluate plan deploy verify demo'.split(' '))(
    '%s refuses an option that it does not know',
    async (name) => {
      const ended = await run(name, '--bogus', '--json');
      expect(ended.code).toBe(2);
      expect(document<ErrorDocument>(ended).error.code).toBe('usage');
    },
  );
});

test('a bad cell is placed for machines too: file, line, column', async () => {
  const { error } = document<ErrorDocument>(await run(...train('text.csv'), '--json'));
  expect(error).toMatchObject({ file: at('text.csv'), line: 2, column: 2, path: 'b' });
});

test('without --json the sentence goes to standard error and nothing to standard output', async () => {
  const ended = await run(...train('nope.csv'));
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr).toBe(`There is no file ${at('nope.csv')}.\n`);
});

test('a project that another process has open is refused with that process named', async () => {
  const project = join(folder(), 'p');
  const open = await Project.open(project, { create: true });
  try {
    const ended = await run('import', at('good.csv'), '--project', project, '--json');
    expect(ended.code).toBe(3);
    const { error } = document<ErrorDocument>(ended);
    expect(error.code).toBe('projectBusy');
    expect(error.message).toContain(`process ${process.pid}`);
  } finally {
    await open.close();
  }
});
