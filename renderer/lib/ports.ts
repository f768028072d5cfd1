// Which of the computer's serial ports a person wants to see first.
import type { PortView } from '../../main/contract';

/** USB ports and ports with a product name, by path; then the rest, which on most computers lead nowhere. */
export function sortPorts(ports: PortView[]): { likely: PortView[]; rest: PortView[] } {
  const byPath = [...ports].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  const likely = (port: PortView): boolean => port.vendorId !== null || port.product !== '' || port.connected;
  return { likely: byPath.filter(likely), rest: byPath.filter((port) => !likely(port)) };
}

/** `2341:0043`, or null for what is not on USB. */
export const usbId = (port: PortView): string | null =>
  port.vendorId !== null && port.productId !== null ? `${port.vendorId}:${port.productId}` : null;
