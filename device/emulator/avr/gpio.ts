// Ports B, C and D with nothing connected: an output reads as driven, an input as its pull-up. Datasheet section 13.
// Pin change and external interrupts are not modelled.
import type { Cpu } from './cpu';

/** PINx; DDRx and PORTx follow. */
const PORTS = [0x23, 0x26, 0x29];

export function connectGpio(cpu: Cpu): void {
  for (const pin of PORTS) {
    const port = pin + 2;
    cpu.onIo(pin, {
      read: () => cpu.data[port] ?? 0,
      // Writing ones to PINx toggles PORTx.
      write: (value, mask) => (cpu.data[port] = (cpu.data[port] ?? 0) ^ (value & mask)),
    });
  }
}
