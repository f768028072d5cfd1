// A device's status as the level of its mark and as a word.
import type { DeviceView } from '../../main/contract';
import type { Level } from '../components/Mark.svelte';
import { m } from '../paraglide/messages.js';

export function levelOf(device: DeviceView): Level {
  switch (device.status) {
    case 'connecting':
      return 'busy';
    case 'streaming':
      return device.losses.total > 0 ? 'warn' : 'good';
    case 'lost':
      return 'warn';
    case 'failed':
      return 'bad';
    default:
      return device.status satisfies never;
  }
}

export function statusWord(device: DeviceView): string {
  switch (device.status) {
    case 'connecting':
      return m.status_connecting();
    case 'streaming':
      return m.status_streaming();
    case 'lost':
      return m.status_lost();
    case 'failed':
      return m.status_failed();
    default:
      return device.status satisfies never;
  }
}
