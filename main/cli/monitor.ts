// `monitor`: a device's readings as JSON lines (or CSV), with predictions when a model is given, and the counters at the end.
import type { Readings } from '../../device/readings';
import { LatencyMeter } from '../engine/latency';
import { LaptopModel, type LiveModel } from '../engine/live-model';
import { loadModel } from '../engine/models';
import { deviceSource } from '../engine/devices';
import { channelIndices, valuesOf } from '../engine/columns';
import { DeviceSession } from '../engine/session';
import { type Output, interrupted } from './output';

export interface MonitorOptions {
  seconds?: number | undefined;
  rate?: number | undefined;
  model?: string | undefined;
}

export async function monitor(path: string, options: MonitorOptions, output: Output): Promise<void> {
  const stored = options.model === undefined ? null : loadModel(options.model);
  const latency = new LatencyMeter();
  let live: LiveModel | null = null;
  let startS = 0;
  let lastS = 0;
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));

  const print = (readings: Readings): void => {
    if (startS === 0) {
      startS = session.nowS;
      if (!output.json)
        output.line(
          ['sequence', 'host_time_s', ...session.channels.map((c) => c.name), ...(live ? ['class'] : [])].join(','),
        );
    }
    lastS = session.nowS;
    const predictions = live?.predict(readings);
    const classes =
      predictions === undefined ? null : Array.from(predictions.classes, (c) => live?.model.classes[c] ?? null);
    const columns = session.channels.map((_, c) => valuesOf(readings, session.channels, c));
    if (output.json) {
      output.line(
        JSON.stringify({
          type: 'readings',
          device: path,
          hostTimeS: [...readings.timeS],
          sequence: [...readings.sequence],
          channels: Object.fromEntries(session.channels.map((channel, c) => [channel.name, [...(columns[c] ?? [])]])),
          ...(classes !== null && { predictions: classes }),
        }),
      );
    } else {
      for (let r = 0; r < readings.rows; r++) {
        const cells = [
          readings.sequence[r],
          readings.timeS[r]?.toFixed(6),
          ...columns.map((column) => column[r]),
          ...(classes ? [classes[r]] : []),
        ];
        output.line(cells.join(','));
      }
    }
    latency.add((session.nowS - readings.arrivalS) * 1e6);
    if (options.seconds !== undefined && session.nowS - startS >= options.seconds) ended();
  };

  const session: DeviceSession = new DeviceSession(
    deviceSource(path),
    {
      onReadings: print,
      onChange: ({ status }) => {
        if (status === 'lost' || status === 'failed') ended();
      },
    },
    { ...(options.rate !== undefined && { rateHz: options.rate }), reconnect: false },
  );
  await session.open();
  if (stored !== null)
    live = new LaptopModel(stored.model, session.channels, channelIndices(stored.model, session.channels));
  await Promise.race([end, interrupted()]);
  const { info } = session.board ?? { info: null };
  const fault = session.fault;
  await session.close();
  const summary = {
    type: 'summary',
    device: path,
    driver: 'lepton',
    baud: 115200,
    firmware: info?.build ?? null,
    simulated: session.source.simulated,
    frames: session.received,
    produced: session.streamLosses.produced,
    readings: session.received,
    losses: { ...session.losses, causes: session.streamLosses.device },
    rateHz: lastS > startS ? (session.received - 1) / (lastS - startS) : 0,
    latencyUs: latency.percentiles(),
  };
  if (output.json) output.line(JSON.stringify(summary));
  else output.note(`${summary.readings} readings at ${summary.rateHz.toFixed(1)}/s, lost ${summary.losses.total}`);
  if (fault !== null) throw fault;
}
