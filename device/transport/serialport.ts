// A real serial port (pseudo-terminals count), by the serialport package: the one file that imports it.
import { access, constants, stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { DeviceFault } from '../fault';
import { listFromDeviceTree, type PortInfo } from './ports';
import type { CloseReason, Transport, TransportHandlers } from './transport';

const MAX_QUEUED_BYTES = 64 * 1024;
const CLOSE_LIMIT_MS = 1000;
/** What serialport says of a port whose far side went away; it has no codes for it. */
const GONE = /no such|not found|cannot find|input\/output error|bad file descriptor|not configured/i;

export interface SerialOptions {
  path: string;
  /** Default 115200. Pseudo-terminals ignore it. */
  baudRate?: number;
}

export class SerialTransport implements Transport {
  readonly path: string;
  readonly lineBytesPerSecond: number;
  private readonly baudRate: number;
  private port: SerialPort | null = null;
  private closing = false;

  constructor(options: SerialOptions) {
    this.path = options.path;
    this.baudRate = options.baudRate ?? 115200;
    // 8N1: ten bit times a byte.
    this.lineBytesPerSecond = this.baudRate / 10;
  }

  async open(handlers: TransportHandlers): Promise<void> {
    this.closing = false;
    await this.checkAccess();
    const port = new SerialPort({ path: this.path, baudRate: this.baudRate, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error === null ? resolve() : reject(this.openFault(error))));
    });
    if (this.closing) {
      await closed(port);
      throw new DeviceFault('unplugged', this.path, 'closed while it was opened');
    }
    this.port = port;
    port.on('data', (bytes: Buffer) => handlers.onChunk(new Uint8Array(bytes), this.nowS()));
    // A write or read that fails is followed by `close`; without a listener it would end the process.
    let lastError = '';
    port.on('error', (error: Error) => (lastError = error.message));
    port.once('close', (error: (Error & { disconnected?: boolean }) | null) => {
      const byUs = this.port === null;
      this.port = null;
      const message = byUs ? 'closed' : (error?.message ?? lastError);
      const gone = error?.disconnected === true || GONE.test(message);
      const code: CloseReason['code'] = byUs ? 'closed' : gone ? 'unplugged' : 'fault';
      handlers.onClose({ code, message });
    });
  }

  write(bytes: Uint8Array): void {
    const port = this.port;
    if (port === null) return;
    if (port.writableLength + bytes.length > MAX_QUEUED_BYTES)
      throw new DeviceFault('overflow', this.path, 'bytes to send');
    port.write(bytes);
  }

  nowS(): number {
    return performance.now() / 1000;
  }

  async close(): Promise<void> {
    const port = this.port;
    this.closing = true;
    if (port === null) return;
    this.port = null;
    await closed(port);
  }

  /** On systems where ports are files, the system's own codes say what serialport puts in a sentence only. */
  private async checkAccess(): Promise<void> {
    if (process.platform === 'win32') return;
    try {
      if (!(await stat(this.path)).isCharacterDevice())
        throw new DeviceFault('notFound', this.path, 'not a serial port');
      await access(this.path, constants.R_OK | constants.W_OK);
    } catch (error) {
      if (error instanceof DeviceFault) throw error;
      const code = error instanceof Error && 'code' in error ? error.code : '';
      throw new DeviceFault(code === 'EACCES' ? 'noAccess' : 'notFound', this.path);
    }
  }

  private openFault(error: Error): DeviceFault {
    if (/lock|busy|in use/i.test(error.message)) return new DeviceFault('busy', this.path);
    if (/access denied|permission/i.test(error.message)) return new DeviceFault('noAccess', this.path);
    if (GONE.test(error.message)) return new DeviceFault('notFound', this.path);
    return new DeviceFault('fault', this.path, error.message);
  }
}

function closed(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, CLOSE_LIMIT_MS);
    port.close(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/** The serial ports there are, USB first. */
export async function listPorts(): Promise<PortInfo[]> {
  let ports: PortInfo[];
  try {
    ports = (await SerialPort.list()).map((port) => ({
      path: port.path,
      product: ('friendlyName' in port ? String(port.friendlyName) : port.manufacturer) ?? '',
      vendorId: port.vendorId?.toLowerCase() ?? null,
      productId: port.productId?.toLowerCase() ?? null,
      serialNumber: port.serialNumber ?? null,
    }));
  } catch {
    // Linux without udevadm.
    ports = [];
  }
  if (ports.length === 0 && process.platform === 'linux') ports = await listFromDeviceTree('/');
  return ports.sort(
    (a, b) => Number(b.vendorId !== null) - Number(a.vendorId !== null) || a.path.localeCompare(b.path),
  );
}
