// Requests and answers (PROTOCOL.md 2) against a far side that the test plays.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Link } from '../../../device/link';
import { Type, answerTo } from '../../../device/wire/messages';
import { ScriptedWire } from './wires';

const bytesOf = (body: Uint8Array): number[] => [...body];
const fiftyBytes = new Uint8Array(50).fill(7);

async function openLink(): Promise<{ wire: ScriptedWire; link: Link; unasked: number[]; closed: string[] }> {
  const wire = new ScriptedWire();
  const unasked: number[] = [];
  const closed: string[] = [];
  const link = new Link(wire, {
    onUnasked: (type) => unasked.push(type),
    onChunkEnd: () => undefined,
    onClose: (reason) => closed.push(reason.code),
  });
  await link.open();
  return { wire, link, unasked, closed };
}

const ping = (link: Link, body: Uint8Array = Uint8Array.of(1)): Promise<number[]> =>
  link.request(Type.ping, body, bytesOf);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the window', () => {
  test('never are more bytes unanswered than the board allows, and all is sent in the end', async () => {
    const { wire, link } = await openLink();
    link.windowBytes = 120;
    const answers = Array.from({ length: 12 }, (_, i) => ping(link, fiftyBytes.slice(0, 10 + 4 * i)));
    let answered = 0;
    while (answered < answers.length) {
      const open = wire.asked.slice(answered);
      expect(open.length).toBeGreaterThan(0);
      expect(open.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBeLessThanOrEqual(120);
      const [first] = open;
      if (first !== undefined) wire.send(answerTo(first.type), first.tag, first.body);
      answered++;
    }
    await expect(Promise.all(answers)).resolves.toHaveLength(12);
    expect(link.repeats).toBe(0);
  });

  test('before hello it is 64 bytes', async () => {
    const { wire, link } = await openLink();
    const all = [20, 20, 20].map((length) => ping(link, new Uint8Array(length)));
    expect(wire.asked).toHaveLength(2);
    wire.onAsked = ({ type, tag, body }) => wire.send(answerTo(type), tag, body);
    for (const { type, tag, body } of [...wire.asked]) wire.send(answerTo(type), tag, body);
    await Promise.all(all);
    expect(wire.asked).toHaveLength(3);
  });

  test('a frame larger than the window goes alone', async () => {
    const { wire, link } = await openLink();
    link.windowBytes = 16;
    void ping(link, fiftyBytes).catch(() => undefined);
    void ping(link).catch(() => undefined);
    expect(wire.asked.map(({ body }) => body.length)).toEqual([50]);
    await link.close();
  });
});

describe('tags', () => {
  test('are never 0 and never those of a request that still waits, over more than 255 requests', async () => {
    const { wire, link } = await openLink();
    const held = ping(link);
    const heldTag = wire.asked[0]?.tag;
    wire.onAsked = ({ type, tag, body }) => wire.send(answerTo(type), tag, body);
    for (let i = 0; i < 600; i++) await ping(link, Uint8Array.of(i & 0xff));
    const tags = wire.asked.slice(1).map(({ tag }) => tag);
    expect(tags).not.toContain(0);
    expect(tags).not.toContain(heldTag);
    expect(new Set(tags.slice(0, 254)).size).toBe(254);
    wire.send(answerTo(Type.ping), heldTag ?? 0, Uint8Array.of(9));
    await expect(held).resolves.toEqual([9]);
  });
});

describe('repetition', () => {
  test('a request without answer is sent three times, the same bytes, and then fails as noAnswer', async () => {
    const { wire, link } = await openLink();
    const asked = expect(ping(link)).rejects.toMatchObject({ code: 'noAnswer', device: 'memory' });
    await vi.advanceTimersByTimeAsync(499);
    expect(wire.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1001);
    await asked;
    expect(wire.asked).toHaveLength(3);
    expect(wire.asked[2]).toEqual(wire.asked[0]);
    expect(link.repeats).toBe(2);
  });

  test('an answer to the last try counts, and the answer of a try before it is a stray', async () => {
    const { wire, link } = await openLink();
    const asked = ping(link);
    await vi.advanceTimersByTimeAsync(1200);
    expect(wire.asked).toHaveLength(3);
    const { tag } = wire.asked[0] ?? { tag: 0 };
    wire.send(answerTo(Type.ping), tag, Uint8Array.of(1));
    wire.send(answerTo(Type.ping), tag, Uint8Array.of(1));
    await expect(asked).resolves.toEqual([1]);
    expect(link.strays).toBe(1);
  });

  test('what waited behind a request that failed is sent', async () => {
    const { wire, link } = await openLink();
    const first = expect(ping(link, fiftyBytes)).rejects.toMatchObject({ code: 'noAnswer' });
    const second = ping(link, fiftyBytes.slice(1));
    await vi.advanceTimersByTimeAsync(1500);
    await first;
    const { tag, body } = wire.asked[3] ?? { tag: 0, body: new Uint8Array(0) };
    expect(body).toHaveLength(49);
    wire.send(answerTo(Type.ping), tag, body);
    await expect(second).resolves.toHaveLength(49);
  });
});

describe('answers', () => {
  test('one of another type, with another tag, or after its time is a stray and settles nothing', async () => {
    const { wire, link } = await openLink();
    const asked = ping(link);
    const { tag } = wire.asked[0] ?? { tag: 0 };
    wire.send(answerTo(Type.stop), tag, new Uint8Array(28));
    wire.send(answerTo(Type.ping), tag + 1, Uint8Array.of(1));
    wire.send(Type.error, tag, Uint8Array.of(Type.stop, 3));
    expect(link.strays).toBe(3);
    wire.send(answerTo(Type.ping), tag, Uint8Array.of(5));
    await expect(asked).resolves.toEqual([5]);
  });

  test('an error becomes refused with its name; a body that makes no sense becomes mismatch', async () => {
    const { wire, link } = await openLink();
    wire.onAsked = ({ type, tag }) => wire.send(Type.error, tag, Uint8Array.of(type, 10));
    await expect(ping(link)).rejects.toMatchObject({ code: 'refused', detail: 'noModel' });
    wire.onAsked = ({ type, tag }) => wire.send(answerTo(type), tag, new Uint8Array(3));
    await expect(link.request(Type.stop, new Uint8Array(0), () => null)).rejects.toMatchObject({ code: 'mismatch' });
  });

  test('a frame nobody asked for reaches the handler, whatever its tag', async () => {
    const { wire, unasked, link } = await openLink();
    wire.send(Type.reading, 5, new Uint8Array(20));
    expect(unasked).toEqual([Type.reading]);
    expect(link.strays).toBe(0);
  });
});

describe('limits and the end', () => {
  test('at most 64 requests wait behind the window; the next is refused at once', async () => {
    const { link } = await openLink();
    link.windowBytes = 16;
    const waiting = Array.from({ length: 65 }, () => ping(link, fiftyBytes));
    await expect(ping(link)).rejects.toMatchObject({ code: 'overflow' });
    const ended = Promise.allSettled(waiting);
    await link.close();
    const codes = (await ended).map((r) => r.status === 'rejected' && (r.reason as { code: string }).code);
    expect(codes).toEqual(new Array(65).fill('unplugged'));
  });

  test('after close nothing is sent, no timer runs, and a request fails at once', async () => {
    const { wire, link, closed } = await openLink();
    const pending = expect(ping(link)).rejects.toMatchObject({ code: 'unplugged' });
    await link.close();
    await pending;
    expect(closed).toEqual(['closed']);
    expect(vi.getTimerCount()).toBe(0);
    await expect(ping(link)).rejects.toMatchObject({ code: 'unplugged' });
    link.notify(Type.credit, new Uint8Array(4));
    expect(wire.asked).toHaveLength(1);
  });

  test('a far side that goes away fails all that waits, in the transport’s words', async () => {
    const { wire, link, closed } = await openLink();
    const pending = [ping(link), ping(link, fiftyBytes), ping(link, fiftyBytes)];
    const ended = Promise.allSettled(pending);
    wire.end('unplugged');
    for (const result of await ended)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'unplugged', detail: 'unplugged' } });
    expect(closed).toEqual(['unplugged']);
  });
});
