// From what a person calls a device to something that can be opened: a port's path, `demo`, `emulator:SCENARIO`.
import unoImage from '../../device/firmware/images/uno.hex?raw';
import { DeviceFault } from '../../device/fault';
import { type Scenario, scenario, scenarioNames } from '../../device/emulator/scenarios/scenario';
import { EmulatorTransport } from '../../device/transport/emulator';
import { SerialTransport } from '../../device/transport/serialport';
import type { Transport } from '../../device/transport/transport';
import type { ChannelInfo } from '../../device/wire/messages';
import type { BoardChannel } from '../../model/input-map';
import { workerFile } from './workers';

export interface DeviceOptions {
  /** `free`: an emulated board runs as fast as it can, on its own time. Default `real`. */
  pace?: 'real' | 'free';
  /** Of an emulated board's signals. Default 1. */
  seed?: number;
}

/** A device that can be opened again and again: each time with a new transport. */
export interface DeviceSource {
  readonly path: string;
  readonly simulated: boolean;
  readonly scenario: Scenario | null;
  /** `state`: of an emulated board's machine, as it was before. */
  connect(state?: string): Transport;
  /** What the board's inputs mean. A board itself knows volts; what is wired to an emulated one is known too. */
  calibrate(channels: readonly ChannelInfo[]): BoardChannel[];
}

export function deviceSource(path: string, options: DeviceOptions = {}): DeviceSource {
  const name = path === 'demo' ? 'industrial' : /^emulator:(.+)$/.exec(path)?.[1];
  if (name === undefined) {
    return {
      path,
      simulated: false,
      scenario: null,
      connect: () => new SerialTransport({ path }),
      calibrate: (c) => c.map(volts),
    };
  }
  if (!scenarioNames.includes(name)) {
    throw new DeviceFault('notFound', path, `scenarios: ${scenarioNames.join(', ')}`);
  }
  return emulatedSource(path, scenario(name), options);
}

function emulatedSource(path: string, wired: Scenario, options: DeviceOptions): DeviceSource {
  return {
    path,
    simulated: true,
    scenario: wired,
    connect: (state) =>
      new EmulatorTransport({
        workerFile: workerFile('emulator'),
        scenario: wired.id,
        seed: options.seed ?? 1,
        pace: options.pace ?? 'real',
        imageHex: unoImage,
        path,
        ...(state !== undefined && { state }),
      }),
    calibrate: (channels) =>
      channels.map((channel) => {
        const sensor = wired.channels.find((c) => c.pin === channel.index);
        const { unitPerCount, maxCount } = volts(channel);
        return sensor === undefined
          ? volts(channel)
          : {
              name: sensor.name,
              unit: sensor.unit,
              unitPerCount: unitPerCount * sensor.unitPerVolt,
              offset: sensor.offset,
              maxCount,
            };
      }),
  };
}

function volts(channel: ChannelInfo): BoardChannel {
  const counts = 2 ** channel.bits;
  return {
    name: channel.name,
    unit: 'V',
    unitPerCount: channel.referenceMillivolt / 1000 / counts,
    offset: 0,
    maxCount: counts - 1,
  };
}
