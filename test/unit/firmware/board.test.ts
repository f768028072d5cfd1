// One conversation, two boards: the core built for the host, and the AVR image that is in the repository, in simavr.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginOf, BenchBoard, type Counters, countersOf, noBytes, pieceOf } from './bench-board';
import { imageFacts, int8, seeded, wire } from './golden';
import { Program } from './program';
import { sumModel, sumResult } from './small-model';
import { buildDriver, buildRunner, images, missing, scratch } from './tools';

const maxRateHz = 250;
const enough = 0x7fffffff;

const boards = [
  {
    name: `core on the host${missing.host}`,
    missing: missing.host,
    build: buildDriver,
    args: [],
    input: (channel: number, count: number) => `input ${channel} ${count}`,
    hello: { build: Buffer.from('host\0\0\0\0').toString('hex'), name: 'host' },
  },
  {
    name: `AVR image in simavr${missing.simavr}`,
    missing: missing.simavr,
    build: buildRunner,
    args: [join(images, 'uno.hex'), String(imageFacts.ram)],
    // simavr converts to floor(mV · 1023 / reference).
    input: (channel: number, count: number) => `volt ${channel} ${Math.ceil((count * 5000) / 1023)}`,
    hello: { build: imageFacts.buildHash, name: 'Arduino Uno' },
  },
] as const;

const addsUp = (c: Counters): void => expect(c.produced).toBe(c.sent + c.noCredit + c.txFull + c.missed);

for (const target of boards) {
  describe.skipIf(target.missing !== '')(target.name, () => {
    let folder: Awaited<ReturnType<typeof scratch>>;
    let path: string;
    let program: Program;
    let board: BenchBoard;

    beforeAll(async () => {
      folder = await scratch();
      path = await target.build(folder.path);
    }, 120_000);

    afterAll(() => folder?.remove());

    beforeEach(async () => {
      program = new Program(path, target.args);
      board = new BenchBoard(program, target.input);
      await board.run(5);
    });

    afterEach(async () => expect(await program.end()).toBe(0));

    it('says what it is', async () => {
      const body = await board.request(0x01, Buffer.from([1, 0]));
      expect([...body.subarray(0, 2)]).toEqual([1, 0]);
      expect(body.readUInt32LE(2)).toBe(0b1111);
      expect(body.subarray(6, 14).toString('hex')).toBe(target.hello.build);
      expect(body.readUInt32LE(14)).toBe(16_000_000);
      expect([...body.subarray(18, 21)]).toEqual([126, 112, 6]);
      expect(body.readUInt8(21) & 0xf0).toBe(0);
      expect(body.readUInt16LE(22)).toBe(maxRateHz);
      expect(body.readUInt16LE(24)).toBe(1024);
      expect([...body.subarray(26, 28)]).toEqual([32, 4]);
      expect(body.subarray(28).toString('ascii')).toBe(target.hello.name);
    });

    it('describes its channels', async () => {
      for (let index = 0; index < 6; index += 1) {
        const body = await board.request(0x02, Buffer.from([index]));
        expect([
          body.readUInt8(0),
          body.readUInt8(1),
          body.readUInt16LE(2),
          body.subarray(4).toString('ascii'),
        ]).toEqual([index, 10, 5000, `A${index}`]);
      }
    });

    it('gives a ping back, of no bytes and of a hundred zeros', async () => {
      expect(await board.request(0x03)).toEqual(noBytes);
      expect(await board.request(0x03, Buffer.alloc(100))).toEqual(Buffer.alloc(100));
    });

    it('refuses what is not a request, is too short or long, or out of range, each with its code', async () => {
      const refused: [type: number, body: number[], code: number][] = [
        [0x3f, [], 1],
        [0x00, [], 1],
        [0x40, [], 1],
        [0x01, [1], 2],
        [0x01, [2, 0], 8],
        [0x02, [6], 3],
        [0x03, new Array<number>(101).fill(7), 2],
        [0x04, [0, 0, 1, 0, 0, 0], 3],
        [0x04, [maxRateHz + 1, 0, 1, 0, 0, 0], 3],
        [0x05, [0], 2],
        [0x07, [0], 2],
        [0x10, [0, 0], 2],
        [0x10, [1, 4, 0, 0, 0, 0], 5],
        [0x11, [0, 0], 2],
        [0x11, [0, 0, 1], 6],
        [0x12, [1], 6],
        [0x12, [0], 3],
        [0x13, [2], 3],
        [0x13, [1], 10],
        [0x14, [1, 2], 2],
        [0x14, new Array<number>(12).fill(0), 10],
      ];
      for (const [type, body, code] of refused) {
        expect(await board.refusal(type, Buffer.from(body)), `0x${type.toString(16)} ${body}`).toBe(code);
      }
    });

    it('never answers an error, so that a line that echoes comes to rest', async () => {
      await board.post(0xff, Buffer.from([1, 1]));
      await board.run(50);
      expect(board.takeAnswers()).toEqual([]);
    });

    it('streams every sequence number once, at the period it told, with the counts at its inputs', async () => {
      const counts = [0, 1, 511, 512, 1000, 1023];
      await board.set(counts);
      const started = await board.start(200, enough);
      expect(started.period).toBe(10_000);
      await board.run(500);
      const readings = board.takeReadings();
      expect(readings.length).toBeGreaterThanOrEqual(98);
      readings.forEach((reading, i) => {
        expect(reading).toEqual({
          generation: 0,
          sequence: i,
          time: started.time + 5000 * i,
          values: counts,
          result: [],
        });
      });
      const end = await board.stop();
      addsUp(end);
      expect(end).toMatchObject({ noCredit: 0, txFull: 0, missed: 0, rxBad: 0, rxOverrun: 0 });
    });

    it('keeps time at a rate slower than its timer turns, and at one that does not divide two million', async () => {
      for (const [rateHz, period] of [
        [7, 285_714],
        [1, 2_000_000],
      ] as const) {
        const started = await board.start(rateHz, enough);
        expect(started.period).toBe(period);
        board.takeReadings();
        await board.run(2200);
        const times = board.takeReadings().map((reading) => reading.time);
        expect(times.length).toBe(Math.floor(2200 / (period / 2000)) + 1);
        times.forEach((time, i) => expect(time).toBe(Math.floor((started.time * 2 + period * i) / 2)));
      }
    });

    it('sends nothing after the answer to STOP, and goes on with the next number when started again', async () => {
      await board.start(100, enough);
      await board.run(95);
      const end = await board.stop();
      const seen = board.takeReadings();
      expect(seen.at(-1)?.sequence).toBe(end.produced - 1);
      await board.run(100);
      expect(board.takeReadings()).toEqual([]);
      expect((await board.start(50, enough)).sequence).toBe(end.produced);
      await board.run(50);
      expect(board.takeReadings()[0]?.sequence).toBe(end.produced);
    });

    it('numbers, drops and counts readings without credit, and takes up again with more', async () => {
      await board.start(200, 10);
      await board.run(200);
      expect(board.takeReadings().map((reading) => reading.sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const dry = await board.counters();
      addsUp(dry);
      expect(dry.sent).toBe(10);
      expect(dry.noCredit).toBe(dry.produced - 10);
      const credit = Buffer.alloc(4);
      credit.writeUInt32LE(dry.produced + 20);
      await board.post(0x06, credit);
      await board.run(200);
      expect(board.takeAnswers()).toEqual([]);
      const sequences = board.takeReadings().map((reading) => reading.sequence);
      expect(sequences.length).toBeGreaterThanOrEqual(18);
      expect(sequences).toEqual(sequences.map((_, i) => dry.produced + 20 - sequences.length + i));
      addsUp(await board.stop());
    });

    it('counts each bad frame once and answers the request after it', async () => {
      for (const [i, bad] of wire.bad.entries()) {
        await board.write(Buffer.from(bad.wire, 'hex'));
        expect((await board.counters()).rxBad, bad.name).toBe(i + 1);
      }
      await board.post(0x06, Buffer.alloc(3));
      expect((await board.counters()).rxBad).toBe(wire.bad.length + 1);
    });

    it('answers a window full of requests in order', async () => {
      const tags: number[] = [];
      for (let i = 0; i < 14; i += 1) tags.push(await board.post(0x03, Buffer.from([i, 0]))); // 8 bytes each
      await board.run(60);
      expect(board.takeAnswers().map((answer) => answer.tag)).toEqual(tags);
    });

    it('holds a model that came in pieces, and forgets it when another begins', async () => {
      const image = sumModel(3);
      expect([...(await board.upload(image, 9))]).toEqual([9, 6, 3, 18, 0]);
      expect([...(await board.request(0x12, Buffer.from([9])))]).toEqual([9, 6, 3, 18, 0]);
      expect(await board.refusal(0x12, Buffer.from([10]))).toBe(6);
      expect(await board.refusal(0x11, pieceOf(image, 0))).toBe(6);
      expect((await board.infer([4, 8, 12, 16, 20, 24])).result).toEqual(sumResult([4, 8, 12, 16, 20, 24], 3));
      await board.request(0x10, beginOf(image));
      expect(await board.refusal(0x14, Buffer.alloc(12))).toBe(10);
      expect(await board.refusal(0x13, Buffer.from([1]))).toBe(10);
    });

    it('takes a repeated piece once, and refuses pieces and commits out of turn', async () => {
      const image = sumModel(8);
      await board.request(0x10, beginOf(image));
      expect(await board.refusal(0x11, pieceOf(image, 1))).toBe(6);
      expect((await board.request(0x11, pieceOf(image, 0))).readUInt16LE(0)).toBe(96);
      expect((await board.request(0x11, pieceOf(image, 0))).readUInt16LE(0)).toBe(96);
      expect(await board.refusal(0x11, pieceOf(image, 0, 95))).toBe(6);
      expect(await board.refusal(0x12, Buffer.from([1]))).toBe(6);
      const beyond = Buffer.concat([image.subarray(96), Buffer.from([0])]);
      expect(await board.refusal(0x11, Buffer.concat([Buffer.from([96, 0]), beyond]))).toBe(3);
      await board.request(0x11, pieceOf(image, 96));
      expect((await board.request(0x12, Buffer.from([255]))).readUInt8(0)).toBe(255);
    });

    it('refuses an image whose checksum or shape is wrong, and keeps none', async () => {
      const image = sumModel(2);
      await board.request(0x10, beginOf(image, 1));
      await board.request(0x11, pieceOf(image, 0));
      expect(await board.refusal(0x12, Buffer.from([1]))).toBe(7);
      for (const bad of int8.refused.filter(({ image: hex }) => hex.length > 0)) {
        await expect(board.upload(Buffer.from(bad.image, 'hex'), 1), bad.name).rejects.toThrow(/answered 255: 1209/);
      }
      expect(await board.refusal(0x14, Buffer.alloc(12))).toBe(10);
    });

    it('infers the golden class and scores from the golden inputs, bit for bit', async () => {
      for (const golden of int8.cases) {
        const image = Buffer.from(golden.image, 'hex');
        if (image.length > 1024) {
          expect(await board.refusal(0x10, beginOf(image)), golden.name).toBe(5);
          continue;
        }
        await board.upload(image, 1);
        for (const [i, counts] of golden.inputs.entries()) {
          const wanted = golden.outputs[i];
          expect((await board.infer(counts)).result, `${golden.name} ${counts}`).toEqual([
            wanted?.class,
            ...(wanted?.scores ?? []),
          ]);
        }
      }
    }, 120_000);

    it('puts the result of a reading into it, from the answer to RUN on', async () => {
      const counts = [4, 400, 800, 1023, 0, 77];
      await board.set(counts);
      await board.upload(sumModel(4), 5);
      await board.start(200, enough);
      await board.run(52);
      expect((await board.request(0x13, Buffer.from([1]))).readUInt8(0)).toBe(5);
      await board.run(100);
      const on = board.takeReadings();
      expect((await board.request(0x13, Buffer.from([0]))).readUInt8(0)).toBe(0);
      await board.run(50);
      const off = board.takeReadings();
      const first = on.findIndex((reading) => reading.generation === 5);
      expect(first).toBeGreaterThan(0);
      on.forEach((reading, i) => {
        expect(reading.generation).toBe(i < first ? 0 : 5);
        expect(reading.result).toEqual(i < first ? [] : sumResult(counts, 4));
      });
      expect(off.at(-1)).toMatchObject({ generation: 0, result: [] });
      const all = [...on, ...off].map((reading) => reading.sequence);
      expect(all).toEqual(all.map((_, i) => i));
    });

    it('lets readings go on without results when another model begins', async () => {
      await board.upload(sumModel(4), 5);
      await board.request(0x13, Buffer.from([1]));
      await board.start(200, enough);
      await board.run(50);
      expect(board.takeReadings().at(-1)?.generation).toBe(5);
      await board.request(0x10, beginOf(sumModel(1)));
      board.takeReadings();
      await board.run(50);
      const after = board.takeReadings();
      expect(after.length).toBeGreaterThan(8);
      for (const reading of after.slice(1)) expect(reading).toMatchObject({ generation: 0, result: [] });
    });

    it('loses no reading with 8 outputs at its highest rate while it answers long pings and infers', async () => {
      await board.upload(sumModel(8), 1);
      await board.request(0x13, Buffer.from([1]));
      await board.start(maxRateHz, enough);
      const long = Buffer.alloc(100, 0xa5);
      for (let round = 0; round < 10; round += 1) {
        expect(await board.request(0x03, long)).toEqual(long);
        await board.infer([1, 2, 3, 4, 5, 6]);
        await board.run(60);
      }
      const end = await board.stop();
      const sequences = board.takeReadings().map((reading) => reading.sequence);
      expect(sequences).toEqual(Array.from({ length: end.produced }, (_, i) => i));
      expect(end).toMatchObject({ noCredit: 0, txFull: 0, missed: 0, rxBad: 0, rxOverrun: 0 });
    });

    it('loses no reading at 200 per second, nor an answer, while pings keep the window full', async () => {
      await board.upload(sumModel(4), 1);
      await board.request(0x13, Buffer.from([1]));
      await board.start(200, enough);
      const sent: number[] = [];
      const answered: number[] = [];
      for (let ms = 0; ms < 2000; ms += 1) {
        // Two frames of 56 bytes: the window's 112.
        while (sent.length < answered.length + 2) sent.push(await board.post(0x03, Buffer.alloc(50, ms)));
        await board.run(1);
        answered.push(...board.takeAnswers().map((answer) => answer.tag));
      }
      await board.run(50);
      answered.push(...board.takeAnswers().map((answer) => answer.tag));
      expect(answered).toEqual(sent);
      expect(answered.length).toBeGreaterThan(100);
      const end = await board.stop();
      const sequences = board.takeReadings().map((reading) => reading.sequence);
      expect(sequences).toEqual(Array.from({ length: end.produced }, (_, i) => i));
      expect(end).toMatchObject({ noCredit: 0, txFull: 0, missed: 0, rxBad: 0, rxOverrun: 0 });
    });

    it('takes the largest model while it streams at its highest rate, and loses no reading', async () => {
      const large = sumModel(18, 32);
      expect(large.length).toBeGreaterThan(990);
      await board.start(maxRateHz, enough);
      await board.run(30);
      expect((await board.upload(large, 2)).readUInt16LE(3)).toBe(576);
      await board.run(30);
      const counts = [100, 0, 50, 4, 8, 12];
      expect((await board.infer(counts)).result).toEqual(sumResult(counts, 18, 32));
      const end = await board.stop();
      const sequences = board.takeReadings().map((reading) => reading.sequence);
      expect(sequences).toEqual(Array.from({ length: end.produced }, (_, i) => i));
      expect(end).toMatchObject({ noCredit: 0, txFull: 0, missed: 0, rxBad: 0, rxOverrun: 0 });
    });

    it('counts what the line cannot take, keeps the rest whole, and still answers', async () => {
      await board.upload(sumModel(32), 1);
      await board.request(0x13, Buffer.from([1]));
      await board.start(maxRateHz, enough); // 59 bytes, 250 times a second: more than the line carries
      await board.run(1000);
      const end = await board.stop();
      addsUp(end);
      expect(end.txFull).toBeGreaterThan(20);
      expect(end.sent).toBeGreaterThan(150);
      const sequences = board.takeReadings().map((reading) => reading.sequence);
      expect(sequences.length).toBe(end.sent);
      expect(sequences.every((sequence, i) => i === 0 || sequence > (sequences[i - 1] ?? 0))).toBe(true);
    });

    it('is not harmed by noise on the line, and says how much of it there was', async () => {
      const below = seeded(3);
      await board.start(100, enough);
      for (let round = 0; round < 20; round += 1) {
        const noise = Buffer.from(Array.from({ length: 200 }, () => (below(8) === 0 ? 0 : below(256))));
        await board.write(Buffer.concat([noise, Buffer.from([0])]));
        await board.run(25);
        expect(board.takeAnswers()).toEqual([]);
      }
      const end = countersOf(await board.request(0x05));
      addsUp(end);
      expect(end.rxBad).toBeGreaterThan(100);
      expect(end).toMatchObject({ txFull: 0, missed: 0 });
    });

    it('carries out well-formed requests with random bodies without coming to harm', async () => {
      const below = seeded(4);
      const types = [0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x10, 0x11, 0x12, 0x13, 0x14, 0x2a];
      for (let round = 0; round < 300; round += 1) {
        const type = types[below(types.length)] ?? 0x03;
        const body = Buffer.from(Array.from({ length: below(8) === 0 ? below(123) : below(13) }, () => below(256)));
        const answer = await board.ask(type, body);
        expect([type | 0x80, 0xff]).toContain(answer.type);
      }
      expect((await board.request(0x01, Buffer.from([1, 0]))).length).toBeGreaterThan(28);
      addsUp(await board.stop());
    });
  });
}
