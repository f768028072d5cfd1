// `deploy` and `verify`: a model onto a board, and the proof that board and laptop agree in every bit.
import { deviceSource } from '../engine/devices';
import { deploy, holds, imageFor, verify } from '../engine/deployer';
import { loadModel, type StoredModel } from '../engine/models';
import { DeviceSession } from '../engine/session';
import { Exit } from '../sentences';
import type { Output } from './output';

export async function deployCommand(file: string, path: string, output: Output): Promise<void> {
  const stored = loadModel(file);
  await withBoard(path, async (session) => {
    await session.connectedBoard().measureLosses();
    const done = await deploy(stored, session, (share) => output.progress(`${Math.round(share * 100)} % uploaded`));
    const losses = await session.connectedBoard().measureLosses();
    const readingsLost = losses.produced - losses.received;
    output.say(
      `${path} runs ${file}: ${done.bytes.length} bytes in ${done.seconds.toFixed(2)} s, ${readingsLost} readings lost meanwhile`,
    );
    output.result({
      device: path,
      slot: 0,
      bytes: done.bytes.length,
      seconds: done.seconds,
      readingsLost,
      generation: done.generation,
    });
  });
}

/** Verifies what is on the board; puts the model there first when it is not. Exit code 4 when a bit differs. */
export async function verifyCommand(file: string, path: string, inputs: number, output: Output): Promise<number> {
  const stored = loadModel(file);
  return withBoard(path, async (session) => {
    const built = imageFor(stored, session);
    const there = await holds(session.connectedBoard(), built);
    if (!there) await putThere(stored, session, output);
    const result = await verify(stored, session, built, inputs, (done) =>
      output.progress(`${done} of ${inputs} inputs`),
    );
    output.say(
      `${result.equal} of ${result.inputs} golden inputs are equal in every bit; one inference takes ${result.inferUs.toFixed(0)} µs there`,
    );
    if (result.firstDifference !== undefined) output.say(`First difference: ${JSON.stringify(result.firstDifference)}`);
    output.result({ device: path, deployed: !there, ...result });
    return result.equal === result.inputs ? Exit.done : Exit.device;
  });
}

async function putThere(stored: StoredModel, session: DeviceSession, output: Output): Promise<void> {
  output.note(`${session.path} does not hold this model: it is put there first.`);
  await deploy(stored, session);
}

async function withBoard<T>(path: string, work: (session: DeviceSession) => Promise<T>): Promise<T> {
  const session = new DeviceSession(
    deviceSource(path),
    { onReadings: () => undefined, onChange: () => undefined },
    { reconnect: false },
  );
  await session.open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
