// A session over things that happen to a board: resets, pulled plugs, and being closed in the midst of everything.
import { afterEach, describe, expect, test } from 'vitest';
import { EmulatorTransport } from '../../../device/transport/emulator';
import { deviceSource, type DeviceSource } from '../../../main/engine/devices';
import { DeviceSession } from '../../../main/engine/session';

class Rig {
  readonly sequence: number[] = [];
  readonly statuses: string[] = [];
  readonly transports: EmulatorTransport[] = [];
  readonly session: DeviceSession;

  constructor() {
    const real = deviceSource('demo');
    const source: DeviceSource = {
      ...real,
      connect: (...args) => {
        const transport = real.connect(...args);
        if (transport instanceof EmulatorTransport) this.transports.push(transport);
        return transport;
      },
    };
    this.session = new DeviceSession(source, {
      onReadings: (batch) => this.sequence.push(...batch.sequence),
      onChange: ({ status }) => status !== this.statuses.at(-1) && this.statuses.push(status),
    });
    open.push(this.session);
  }

  async streams(rows = 100): Promise<void> {
    this.sequence.length = 0;
    await expect.poll(() => this.sequence.length, { timeout: 10_000, interval: 20 }).toBeGreaterThan(rows);
  }
}

let open: DeviceSession[] = [];
afterEach(async () => {
  for (const session of open) await session.close();
  open = [];
});

describe('a session', () => {
  test('whose board is reset streams again by itself, and counts no loss that was none', async () => {
    const rig = new Rig();
    await rig.session.open();
    await rig.streams(100);
    rig.transports[0]?.reset();
    await expect.poll(() => rig.sequence.some((s, i) => s === 0 && i > 0), { timeout: 10_000 }).toBe(true);
    await rig.streams(250);
    expect(rig.session.status).toBe('streaming');
    expect(rig.session.losses.total).toBeGreaterThanOrEqual(0);
    expect(rig.session.losses).toMatchObject({ device: 0 });
    // The frame that was on the line when the button was pressed may be cut.
    expect(rig.session.losses.wire).toBeLessThanOrEqual(1);
    expect(rig.transports).toHaveLength(1);
  });

  test('that is asked to connect while it connects opens one line', async () => {
    const rig = new Rig();
    await Promise.all([rig.session.keepOpen(), rig.session.keepOpen(), rig.session.keepOpen()]);
    rig.session.plugIn();
    rig.session.plugIn();
    await rig.streams(50);
    expect(rig.transports).toHaveLength(1);
    expect(rig.statuses).toEqual(['streaming']);
  });

  test('whose plug is pulled and put back over and over has one stream in the end', async () => {
    const rig = new Rig();
    await rig.session.open();
    for (let i = 0; i < 3; i++) {
      rig.session.pullPlug();
      rig.session.plugIn();
    }
    await rig.streams(200);
    expect(rig.sequence.slice(-100)).toEqual(rig.sequence.slice(-100).map((_, i) => (rig.sequence.at(-100) ?? 0) + i));
    expect(rig.session.status).toBe('streaming');
  });

  test('keeps the rate it was asked for over a loss', async () => {
    const rig = new Rig();
    await rig.session.open();
    await rig.session.setRate(170);
    const { rateHz } = rig.session;
    rig.session.pullPlug();
    await expect.poll(() => rig.session.status, { timeout: 5000 }).toBe('lost');
    rig.session.plugIn();
    await rig.streams(20);
    expect(rig.session.rateHz).toBe(rateHz);
    expect(Math.abs(rateHz - 170)).toBeLessThan(0.05);
  });

  test('that is closed while it opens leaves no stream behind', async () => {
    const rig = new Rig();
    const opening = rig.session.keepOpen();
    await expect.poll(() => rig.transports.length, { interval: 1 }).toBe(1);
    await rig.session.close();
    await opening;
    expect(rig.session.board).toBeNull();
    expect(rig.statuses).not.toContain('streaming');
    await rig.session.keepOpen();
    expect(rig.transports).toHaveLength(1);
  });

  test('that is closed knows its losses exactly', async () => {
    const rig = new Rig();
    await rig.session.open();
    await rig.streams(100);
    await rig.session.close();
    const { produced, received } = rig.session.streamLosses;
    expect(produced).toBe(received);
    expect(rig.session.received).toBe(received);
    expect(rig.session.losses).toEqual({ total: 0, device: 0, wire: 0, host: 0 });
  });
});
