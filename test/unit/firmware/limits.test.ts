// What only one of the two boards can show: ends of the number ranges and a held-up main loop on the host, stack and cycles on the chip.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BenchBoard } from './bench-board';
import { encode } from './frames';
import { imageFacts, int8, wire } from './golden';
import { Program } from './program';
import { buildDriver, buildRunner, images, missing, scratch } from './tools';

const enough = 0x7fffffff;

describe.skipIf(missing.host !== '')(`the core on the host, at its limits${missing.host}`, () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let path: string;
  let program: Program;

  beforeAll(async () => {
    folder = await scratch();
    path = await buildDriver(folder.path);
  }, 120_000);

  afterAll(() => folder?.remove());

  beforeEach(() => {
    program = new Program(path);
  });

  afterEach(async () => expect(await program.end()).toBe(0));

  it('sends each golden reading without result as the vectors have it, over the wrap of the sequence too', async () => {
    const golden = wire.frames.filter(({ type, tag }) => type === 0x40 && tag === 0);
    expect(golden.length).toBeGreaterThan(2);
    for (const { fields, wire: bytes } of golden) {
      const values = (fields.values as number[]).join(' ');
      expect(await program.ask(`reading ${fields.sequence} ${fields.time} ${values}`)).toBe(bytes);
    }
  });

  it('numbers the sampling instants that a held-up main loop missed, just where they were', async () => {
    const board = new BenchBoard(program, (channel, count) => `input ${channel} ${count}`);
    const { time } = await board.start(200, enough);
    await board.run(50);
    await board.run(50, 'stall'); // ten instants, of which the queue holds four
    await board.run(100);
    const end = await board.stop();
    const readings = board.takeReadings();
    expect(end).toMatchObject({ missed: 6, txFull: 0, noCredit: 0 });
    expect(end.produced).toBe(end.sent + 6);
    for (const reading of readings) expect(reading.time).toBe(time + 5000 * reading.sequence);
    const gaps = readings.slice(1).map((reading, i) => reading.sequence - (readings[i]?.sequence ?? 0));
    expect(gaps.filter((gap) => gap !== 1)).toEqual([7]);
  });

  it('counts each byte that found the receive ring full', async () => {
    const board = new BenchBoard(program, (channel, count) => `input ${channel} ${count}`);
    await board.write(Buffer.alloc(150));
    await board.run(30, 'stall');
    await board.run(5);
    expect((await board.counters()).rxOverrun).toBe(22);
  });
});

describe.skipIf(missing.simavr !== '')(`the AVR image, at its limits${missing.simavr}`, () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let program: Program;
  let board: BenchBoard;

  beforeAll(async () => {
    folder = await scratch();
    program = new Program(await buildRunner(folder.path), [join(images, 'uno.hex'), String(imageFacts.ram)]);
    board = new BenchBoard(program, (channel) => `volt ${channel} 1000`);
    await board.run(5);
  }, 120_000);

  afterAll(async () => {
    expect(await program.end()).toBe(0);
    await folder.remove();
  });

  const upload = (name: string): Promise<Buffer> => {
    const golden = int8.cases.find((one) => one.name === name);
    return board.upload(Buffer.from(golden?.image ?? '', 'hex'), 1);
  };

  it('infers a 6-16-4 network within 8,000 cycles, the mapping of the inputs included', async () => {
    expect((await upload('6-16-4 relu, linear')).readUInt16LE(3)).toBe(160);
    const { elapsed } = await board.infer([500, 500, 500, 500, 500, 500]);
    expect(elapsed * 8).toBeGreaterThan(1000);
    expect(elapsed * 8).toBeLessThan(8000);
  });

  it('keeps at least 100 bytes of stack that nothing ever touches, in the deepest work there is', async () => {
    await upload('four layers, every activation');
    await board.request(0x13, Buffer.from([1]));
    await board.start(250, enough);
    for (let round = 0; round < 30; round += 1) {
      await board.infer([1, 2, 3, 4, 5, 6]);
      await board.write(encode({ type: 0x03, tag: 1, body: Buffer.alloc(60) }));
      await board.run(30);
      board.takeAnswers();
    }
    const untouched = Number(await program.ask('stack'));
    expect(untouched).toBeGreaterThan(100);
    expect(untouched).toBeLessThan(2048 - imageFacts.ram);
  });
});
