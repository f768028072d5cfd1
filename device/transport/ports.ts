// Serial ports as Linux's device tree shows them, for systems without udevadm, which the serialport package asks.
import { readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface PortInfo {
  path: string;
  /** What it calls itself; empty where it does not say. */
  product: string;
  /** Four lower-case hexadecimal digits, as in udev rules. */
  vendorId: string | null;
  productId: string | null;
  serialNumber: string | null;
}

const MAX_LEVELS_UP = 5;

/** `root` is `/`, or a made-up tree in tests. Never rejects: what cannot be read is left out. */
export async function listFromDeviceTree(root: string): Promise<PortInfo[]> {
  const folder = join(root, 'sys/class/tty');
  const names = await readdir(folder).catch((): string[] => []);
  const ports = await Promise.all(names.map((name) => describe(root, folder, name)));
  return ports.filter((port) => port !== null);
}

async function describe(root: string, folder: string, name: string): Promise<PortInfo | null> {
  const device = join(folder, name, 'device');
  const driver = await readlink(join(device, 'driver')).then(basename, () => null);
  // A console or pseudo-terminal has no driver; an 8250 port of type 0 has no chip behind it.
  if (driver === null) return null;
  if (/^(serial8250|port)$/.test(driver) && (await text(join(folder, name, 'type'))) === '0') return null;
  let usb = await realpath(device).catch(() => device);
  for (let level = 0; level < MAX_LEVELS_UP && (await text(join(usb, 'idVendor'))) === null; level++)
    usb = dirname(usb);
  return {
    path: join(root, 'dev', name),
    product: (await text(join(usb, 'product'))) ?? '',
    vendorId: await text(join(usb, 'idVendor')),
    productId: await text(join(usb, 'idProduct')),
    serialNumber: await text(join(usb, 'serial')),
  };
}

function text(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (content) => content.trim(),
    () => null,
  );
}
