// The command line: which commands and options there are. Each command's work is in a file of its own.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { hiddenActivations } from '../../model/mlp';
import { losses } from '../../model/loss';
import { optimisers } from '../../model/optimiser';
import { scalingKinds } from '../../model/preprocess';
import { suite } from '../bench/suite';
import { Exit } from '../sentences';
import { version } from '../../package.json';
import { bench } from './bench';
import { demo } from './demo';
import { deployCommand, verifyCommand } from './deploy';
import { devices } from './devices';
import { monitor } from './monitor';
import { createOutput, errorDocument, finish, type Output } from './output';
import { planCommand } from './plan';
import { evaluate, predict } from './predict';
import { importFiles, record } from './record';
import { train } from './train';

const DEVICE = 'a port (/dev/ttyACM0, COM3), `demo` (the emulated board) or `emulator:SCENARIO`';
const SOURCE = 'CSV files, or the folder of a project';

const json = new Option('--json', 'print one JSON document on standard output and nothing else');

function number(least: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || (whole && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number, at least ${least}.`);
    }
    return value;
  };
}
const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const numbers = (text: string): number[] => list(text).map(number(1, true));
/** Greater than nothing. */
const positive = number(Number.MIN_VALUE, false);

/** Adds a command whose work ends the process with its exit code. */
function command<A extends unknown[]>(
  name: string,
  about: string,
  work: (output: Output, ...args: A) => Promise<number | void>,
): Command {
  return program
    .command(name)
    .description(about)
    .addOption(json)
    .action((...args: unknown[]) => {
      const self = args.pop() as Command;
      const output = createOutput(self.opts()['json'] === true);
      return finish(output, () => work(output, ...(args as A)));
    });
}

const program = new Command('lepton-point')
  .description(
    'Plug a board in, watch and record it, train a small network offline, and put the model on the one device that is best for it.',
  )
  .version(version)
  .exitOverride()
  .configureOutput({ writeErr: (text) => void process.stderr.write(text) })
  .showHelpAfterError('(--help shows what there is)');

command('devices', 'list the ports there are, and what to do where access is refused', (output) => devices(output));

command(
  'monitor',
  'stream readings as JSON lines or CSV; counters at the end',
  (output, path: string, o: { seconds?: number; rate?: number; model?: string }) => monitor(path, o, output),
)
  .argument('<device>', DEVICE)
  .option('--seconds <n>', 'end after so many seconds (default: Ctrl-C)', positive)
  .option('--rate <hz>', 'readings a second', number(1, true))
  .option('--model <file>', 'predict with this model on the laptop');

command(
  'record',
  'record readings under a label into a project',
  (output, path: string, o: { project: string; label: string; seconds?: number; rate?: number }) =>
    record(path, o, output),
)
  .argument('<device>', DEVICE)
  .requiredOption('--project <dir>', 'folder of the project; made when it is not there')
  .requiredOption('--label <text>', 'what the device is doing')
  .option('--seconds <n>', 'end after so many seconds (default: Ctrl-C)', positive)
  .option('--rate <hz>', 'readings a second', number(1, true));

command(
  'import',
  'import CSV files into a project',
  (output, files: string[], o: { project: string; label?: string }) => importFiles(files, o, output),
)
  .argument('<files...>', 'CSV files; each becomes a recording')
  .requiredOption('--project <dir>', 'folder of the project; made when it is not there')
  .option('--label <text>', "label of the recordings (default: the file's name)");

interface TrainFlags {
  label: string;
  features?: string[];
  drop?: string[];
  group?: string;
  scaling?: (typeof scalingKinds)[number];
  hidden?: number[];
  activation?: (typeof hiddenActivations)[number];
  loss?: (typeof losses)[number];
  optimiser?: (typeof optimisers)[number];
  learningRate?: number;
  batch?: number;
  epochs?: number;
  patience?: number;
  seed?: number;
  out: string;
}

command('train', 'train a network and write its model file', (output, source: string[], flags: TrainFlags) => {
  const { label, features, drop, group, out, ...rest } = flags;
  const settings = Object.fromEntries(Object.entries(rest).filter(([name]) => name !== 'json'));
  return train(source, { label, features, drop, group, settings, out }, output);
})
  .argument('<source...>', SOURCE)
  .requiredOption('--label <column>', "column to learn; `label` of a project is the recordings' label")
  .option('--features <a,b>', 'columns to learn from (default: all columns of numbers)', list)
  .option('--drop <columns>', 'columns to leave out', list)
  .option('--group <column>', 'column that names the recording, person or day: rows of one are never split')
  .addOption(new Option('--scaling <kind>', 'scaling of the inputs').choices([...scalingKinds]))
  .option('--hidden <n,n>', 'neurons of the hidden layers (default: 16)', numbers)
  .addOption(new Option('--activation <name>', 'of the hidden layers (default: relu)').choices([...hiddenActivations]))
  .addOption(new Option('--loss <name>', 'default: by the label').choices([...losses]))
  .addOption(new Option('--optimiser <name>', 'default: adam').choices([...optimisers]))
  .option('--learning-rate <x>', 'default: 0.01', positive)
  .option('--batch <n>', 'rows a step (default: 32)', number(1, true))
  .option('--epochs <n>', 'at most so many passes over the rows (default: 100)', number(1, true))
  .option('--patience <n>', 'epochs without improvement before it stops (default: 10)', number(1, true))
  .option(
    '--seed <n>',
    'the same file, settings and seed give the same model, byte for byte (default: 1)',
    number(0, true),
  )
  .requiredOption('--out <file>', 'the model file, usually NAME.lepton.json');

command('predict', "a model's answer for each row", (output, model: string, source: string[], o: { int8?: boolean }) =>
  predict(model, source, { int8: o.int8 === true }, output),
)
  .argument('<model>', 'model file')
  .argument('<source...>', SOURCE)
  .option('--int8', 'as a board computes it');

command(
  'evaluate',
  'how good a model is on labelled rows',
  (output, model: string, source: string[], o: { int8?: boolean }) =>
    evaluate(model, source, { int8: o.int8 === true }, output),
)
  .argument('<model>', 'model file')
  .argument('<source...>', SOURCE)
  .option('--int8', 'also as a board computes it');

command(
  'plan',
  'which node of a lab should compute, and why',
  (output, file: string, o: { pareto?: boolean; sensitivity?: string[] }) => planCommand(file, o, output),
)
  .argument('<lab>', 'lab file (JSON)')
  .option('--pareto', 'also the front of speed against cost')
  .option('--sensitivity <path lo hi...>', 'where the answer changes as one field does');

command('deploy', 'put a model on a board', (output, model: string, device: string) =>
  deployCommand(model, device, output),
)
  .argument('<model>', 'model file')
  .argument('<device>', DEVICE);

command(
  'verify',
  'compare board and laptop in every bit on golden inputs',
  (output, model: string, device: string, o: { inputs: number }) => verifyCommand(model, device, o.inputs, output),
)
  .argument('<model>', 'model file')
  .argument('<device>', DEVICE)
  .option('--inputs <n>', 'how many', number(1, true), 1000);

command(
  'demo',
  'the whole chain on the emulated board, without hardware',
  (output, o: { scenario: string; project?: string; seed: number }) => demo(o, output),
)
  .option('--scenario <name>', 'what the emulated board is wired to', 'industrial')
  .option('--project <dir>', 'keep recordings and model here (default: a temporary folder)')
  .option('--seed <n>', 'of signals and training', number(0, true), 1);

command(
  'bench',
  "this program's speed, as ratios to peers and limits measured in the same run; above 1 is better than the peer",
  (output, name: string | undefined, o: { seconds: number }) => bench(name, o, output),
)
  .argument('[name]', `one of ${Object.keys(suite).join(', ')} (default: all)`)
  .option('--seconds <n>', 'time for each comparison', positive, 1);

async function main(): Promise<void> {
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed its sentence; programs that asked for JSON get it as a document too.
    const help = error.exitCode === 0;
    if (!help && process.argv.includes('--json')) {
      const message = error.message.replace(/^error: /, '');
      process.stdout.write(
        `${JSON.stringify(errorDocument({ code: 'usage', message, exitCode: Exit.usage, place: {} }))}\n`,
      );
    }
    process.exitCode = help ? Exit.done : Exit.usage;
  }
}

void main();
