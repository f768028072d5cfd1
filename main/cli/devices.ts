// `devices`: the ports there are, and the emulated boards.
import { access, constants } from 'node:fs/promises';
import { scenario, scenarioNames } from '../../device/emulator/scenarios/scenario';
import { DeviceFault } from '../../device/fault';
import { listPorts } from '../../device/transport/serialport';
import { describe } from '../sentences';
import type { Output } from './output';

interface ListedDevice {
  path: string;
  product: string;
  vendorId: string | null;
  productId: string | null;
  serialNumber: string | null;
  driver: string;
  state: 'available' | 'refused' | 'emulated';
  advice?: string;
}

export async function devices(output: Output): Promise<void> {
  const ports = await Promise.all(
    (await listPorts()).map(async (port): Promise<ListedDevice> => {
      const refused = await access(port.path, constants.R_OK | constants.W_OK).then(
        () => false,
        () => process.platform !== 'win32',
      );
      return {
        ...port,
        driver: 'serial',
        state: refused ? 'refused' : 'available',
        ...(refused && { advice: describe(new DeviceFault('noAccess', port.path)).message }),
      };
    }),
  );
  const emulated = scenarioNames.map((name): ListedDevice => ({
    path: `emulator:${name}`,
    product: `${scenario(name).title} (simulated signals, real firmware)`,
    vendorId: null,
    productId: null,
    serialNumber: null,
    driver: 'lepton',
    state: 'emulated',
  }));
  const all = [...ports, ...emulated];
  for (const device of all) {
    output.say(`${device.path.padEnd(24)} ${device.state.padEnd(10)} ${device.product}`);
    if (device.advice !== undefined) output.say(`    ${device.advice}`);
  }
  if (ports.length === 0) output.note('No serial port found. Plug a board in; a charge-only cable shows nothing here.');
  output.result({ devices: all });
}
