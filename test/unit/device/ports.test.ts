// Serial ports out of a device tree that the test makes up, as Linux lays it out.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listFromDeviceTree } from '../../../device/transport/ports';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'device-tree-'))));
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  mkdirSync(join(root, target), { recursive: true });
  symlinkSync(join(root, target), join(root, path));
}

const usb = 'sys/devices/pci0000:00/0000:00:14.0/usb1/1-2';

describe('the ports of a device tree', () => {
  test('an Uno on USB has its names and numbers', async () => {
    put(`${usb}/idVendor`, '2341\n');
    put(`${usb}/idProduct`, '0043\n');
    put(`${usb}/product`, 'Arduino Uno\n');
    put(`${usb}/serial`, '85436323631351F0A1B2\n');
    link(`${usb}/1-2:1.0/driver`, 'sys/bus/usb/drivers/cdc_acm');
    link('sys/class/tty/ttyACM0/device', `${usb}/1-2:1.0`);
    await expect(listFromDeviceTree(root)).resolves.toEqual([
      {
        path: join(root, 'dev/ttyACM0'),
        product: 'Arduino Uno',
        vendorId: '2341',
        productId: '0043',
        serialNumber: '85436323631351F0A1B2',
      },
    ]);
  });

  test('a converter one level deeper, without a serial number, is found too', async () => {
    put(`${usb}/idVendor`, '1a86\n');
    put(`${usb}/idProduct`, '7523\n');
    link(`${usb}/1-2:1.0/ttyUSB0/driver`, 'sys/bus/usb-serial/drivers/ch341-uart');
    link('sys/class/tty/ttyUSB0/device', `${usb}/1-2:1.0/ttyUSB0`);
    await expect(listFromDeviceTree(root)).resolves.toMatchObject([
      { path: join(root, 'dev/ttyUSB0'), product: '', vendorId: '1a86', productId: '7523', serialNumber: null },
    ]);
  });

  test('consoles, pseudo-terminals and ports without a chip are left out, a port with one is not', async () => {
    mkdirSync(join(root, 'sys/class/tty/tty0'), { recursive: true });
    mkdirSync(join(root, 'sys/class/tty/ptmx'), { recursive: true });
    for (const [name, type] of [
      ['ttyS0', '4'],
      ['ttyS1', '0'],
    ] as const) {
      link(`sys/devices/platform/${name}/driver`, 'sys/bus/platform/drivers/serial8250');
      link(`sys/class/tty/${name}/device`, `sys/devices/platform/${name}`);
      put(`sys/class/tty/${name}/type`, `${type}\n`);
    }
    const ports = await listFromDeviceTree(root);
    expect(ports).toEqual([
      { path: join(root, 'dev/ttyS0'), product: '', vendorId: null, productId: null, serialNumber: null },
    ]);
  });

  test('no tree at all is no ports', async () => {
    await expect(listFromDeviceTree(join(root, 'nothing'))).resolves.toEqual([]);
  });
});
