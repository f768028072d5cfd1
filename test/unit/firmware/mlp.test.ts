import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { int8, seeded } from './golden';
import { Program } from './program';
import { buildDriver, missing, scratch } from './tools';

describe.skipIf(missing.host !== '')(`the core's int8 network on the host${missing.host}`, () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let core: Program;

  beforeAll(async () => {
    folder = await scratch();
    core = new Program(await buildDriver(folder.path));
  }, 120_000);

  afterAll(async () => {
    expect(await core.end()).toBe(0);
    await folder.remove();
  });

  it('gives the golden class and scores, bit for bit', async () => {
    for (const golden of int8.cases) {
      expect(await core.ask(`open ${golden.image}`), golden.name).not.toBe('refused');
      const answers = await core.askAll(golden.inputs.map((values) => `infer ${values.join(' ')}`));
      const wanted = golden.outputs.map((out) => `${out.class} ${Buffer.from(out.scores).toString('hex')}`);
      expect(answers, golden.name).toEqual(wanted);
    }
  });

  it('refuses each golden image that breaks a rule', async () => {
    for (const bad of int8.refused)
      expect(await core.ask(`open ${bad.image}`), `${bad.name}: ${bad.why}`).toBe('refused');
  });

  it('refuses every image cut short', async () => {
    const image = int8.cases[0]?.image ?? '';
    for (let end = 0; end < image.length; end += 2) {
      expect(await core.ask(`open ${image.slice(0, end)}`)).toBe('refused');
    }
  });

  // The driver is built with the address and undefined-behaviour sanitizers: a read outside the image ends it.
  it('reads nothing outside an image and overflows nowhere, whatever its bytes', async () => {
    const below = seeded(2);
    const extremes = ['32767 -32768 0 -1 1 32767', '-32768 -32768 -32768 -32768 -32768 -32768', '512 1023 0 7 300 99'];
    let accepted = 0;
    for (let round = 0; round < 4000; round += 1) {
      const golden = int8.cases[below(int8.cases.length)];
      if (golden === undefined) continue;
      const image = Buffer.from(golden.image, 'hex');
      for (let change = below(4); change >= 0; change -= 1)
        image[below(below(2) === 0 ? 20 : image.length)] = below(256);
      const answers = await core.askAll([
        `open ${image.toString('hex')}`,
        ...extremes.map((values) => `infer ${values}`),
      ]);
      const [opened, ...results] = answers;
      if (opened === 'refused') continue;
      accepted += 1;
      const outputs = Number(opened?.split(' ')[1]);
      for (const result of results) expect(result).toMatch(new RegExp(`^\\d+ ([0-9a-f]{2}){${outputs}}$`));
    }
    expect(accepted).toBeGreaterThan(100);
  });
});
