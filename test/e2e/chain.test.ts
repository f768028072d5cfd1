// The whole chain in the real window: readings move, two labels are recorded, a model is trained, put on the board and checked.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineState, LeptonBridge } from '../../main/contract';
import { type RunningApp, alive, launch, processTree, remove } from './app';

const byPolicy = (text: string): boolean => text.includes('Content Security Policy');
const SHOTS = process.env['LEPTON_SCREENSHOTS'];

describe('from a board to a prediction beside the signal', () => {
  let running: RunningApp;
  let launched = false;

  beforeAll(async () => {
    running = await launch();
    launched = true;
  });
  afterAll(async () => {
    if (!launched) return;
    await running.app.close();
    remove(running);
  });

  const number = async (testId: string): Promise<number> =>
    Number(await running.page.getByTestId(testId).first().getAttribute('data-value'));
  /** What the page was last told; for waiting where a view does not show it. */
  const state = (): Promise<EngineState> =>
    running.page.evaluate(
      () =>
        new Promise((resolve) => {
          const { lepton } = window as unknown as { lepton: LeptonBridge };
          const end = lepton.onState((now) => {
            resolve(now);
            queueMicrotask(() => end());
          });
        }),
    );
  const received = async (): Promise<number> => (await state()).devices[0]?.received ?? 0;
  /** Lets the board send so many more readings. */
  const readings = async (count: number): Promise<void> => {
    const before = await received();
    await expect.poll(received, { timeout: 30_000 }).toBeGreaterThan(before + count);
  };
  const open = (view: string): Promise<void> => running.page.getByRole('link', { name: view, exact: true }).click();
  const shot = async (name: string): Promise<void> => {
    if (SHOTS !== undefined) await running.page.screenshot({ path: `${SHOTS}/${name}.png` });
  };

  test('the emulated board is connected and its readings move, nothing lost', async () => {
    await expect.poll(() => number('received'), { timeout: 20_000 }).toBeGreaterThan(200);
    const before = await number('received');
    await expect.poll(() => number('received')).toBeGreaterThan(before + 100);
    expect(await number('losses')).toBe(0);
    expect(await running.page.getByText('simulated').first().isVisible()).toBe(true);
    await shot('overview');
  });

  test('the page is sandboxed: no Node, no way out, no code from elsewhere', async () => {
    const found = await running.page.evaluate(async () => {
      const remote = await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      );
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      return {
        node: typeof (globalThis as { require?: unknown }).require,
        remote,
        injected: (window as { injected?: boolean }).injected ?? false,
        opened: window.open('https://example.com/'),
      };
    });
    expect(found).toEqual({ node: 'undefined', remote: 'refused', injected: false, opened: null });
    // Refusals are what was asked for here, not errors of the page.
    await expect.poll(() => running.errors.filter(byPolicy).length).toBeGreaterThan(1);
  });

  test('a request of the wrong shape is refused in words', async () => {
    const answers = await running.page.evaluate(async () => {
      const { lepton } = window as unknown as { lepton: { request(value: unknown): Promise<unknown> } };
      return Promise.all([
        lepton.request({ type: 'connect' }),
        lepton.request({ type: 'connect', path: 'demo', extra: 1 }),
        lepton.request('demo'),
        lepton.request({ type: 'startRecording', device: 'nowhere', label: 'x' }),
      ]);
    });
    for (const answer of answers)
      expect(answer).toMatchObject({ error: { message: expect.stringMatching(/.{10,}/) as string } });
  });

  test('two labels are recorded', async () => {
    const { page } = running;
    for (const state of ['Normal', 'Imbalance']) {
      await open('Overview');
      await page.getByRole('button', { name: state, exact: true }).click();
      await open('Data');
      for (let visit = 0; visit < 2; visit++) {
        await page
          .getByRole('combobox', { name: 'Label' })
          .or(page.getByRole('textbox', { name: 'Label' }))
          .first()
          .fill(state.toLowerCase());
        // A machine that has just been switched is not in its new state yet.
        await readings(250);
        await page.getByRole('button', { name: 'Record', exact: true }).click();
        await readings(600);
        await page.getByRole('button', { name: 'Stop recording' }).click();
        await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
      }
    }
    const table = page.getByTestId('recordings');
    await expect.poll(() => table.getByText('imbalance').count()).toBeGreaterThanOrEqual(2);
    await shot('data');
  });

  test('a model is trained and judged on readings held back', async () => {
    const { page } = running;
    await open('Train');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('training-state').getAttribute('data-value'), { timeout: 60_000 })
      .toBe('done');
    await shot('train');
  });

  test('the plan names the sole compute point and is followed by one click', async () => {
    const { page } = running;
    await open('Plan');
    await page.getByRole('button', { name: 'Measure and plan' }).click();
    await expect
      .poll(() => page.getByTestId('plan-chosen').getAttribute('data-value'), { timeout: 30_000 })
      .toMatch(/laptop|demo/);
    await shot('plan');
    await page.getByRole('button', { name: 'Follow the plan' }).click();
    await open('Overview');
    await expect
      .poll(() => page.getByTestId('current-class').getAttribute('data-value'), { timeout: 20_000 })
      .toBe('imbalance');
  });

  test('the model runs on the board; laptop and board agree in every bit', async () => {
    const { page } = running;
    await open('Deploy');
    await page.getByRole('radio', { name: /board/i }).check({ force: true });
    await page.getByRole('button', { name: 'Put the model on the board' }).click();
    await page.getByRole('button', { name: 'Check 1,000 golden inputs' }).click({ timeout: 20_000 });
    await expect.poll(() => number('golden-equal'), { timeout: 60_000 }).toBe(1000);
    await shot('deploy');
    await open('Overview');
    await page.getByRole('button', { name: 'Normal', exact: true }).click();
    await expect
      .poll(() => page.getByTestId('current-class').getAttribute('data-value'), { timeout: 20_000 })
      .toBe('normal');
    expect(await page.getByTestId('seal').getAttribute('data-value')).toBe('equal');
    await shot('overview-predicting');
  });

  test('a pulled plug is said, the recording is kept, and the board comes back with its model', async () => {
    const { page } = running;
    await open('Data');
    await page
      .getByRole('combobox', { name: 'Label' })
      .or(page.getByRole('textbox', { name: 'Label' }))
      .first()
      .fill('cut short');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await readings(400);
    await open('Overview');
    await page.getByRole('button', { name: 'Pull the plug' }).click();
    await page
      .getByText(/is gone/)
      .first()
      .waitFor();
    await open('Devices');
    await shot('devices-lost');
    await page
      .getByRole('button', { name: /Connect again|Reconnect|Plug in|Retry|Try again/ })
      .first()
      .click();
    await readings(200);
    await open('Data');
    await expect.poll(() => page.getByTestId('recordings').getByText('cut short').count()).toBe(1);
    await open('Overview');
    await expect.poll(() => page.getByTestId('seal').getAttribute('data-value'), { timeout: 20_000 }).toBe('equal');
    await shot('overview-back');
  });

  test('the page reported no error, and quitting leaves nothing running within two seconds', async () => {
    expect(running.errors.filter((text) => !byPolicy(text))).toEqual([]);
    const processes = processTree(running.pid);
    expect(processes.length).toBeGreaterThan(3);
    const startMs = performance.now();
    await running.app.evaluate(({ app }) => app.quit());
    await expect.poll(() => processes.filter(alive), { timeout: 2000 - (performance.now() - startMs) }).toEqual([]);
  });
});
