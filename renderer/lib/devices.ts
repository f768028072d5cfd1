// A device's figures as they are written on the overview and on its card.
import type { DeviceView } from '../../main/contract';
import type { Figure } from '../components/Figures.svelte';
import { m } from '../paraglide/messages.js';
import { count, none, perSecond, quantity, thin } from './format';

/** `chosen`: the device tests look for by `received` and `losses`. */
export function streamFigures(device: DeviceView, chosen: boolean): Figure[] {
  const { losses, latencyUs } = device;
  return [
    { name: m.rate(), text: perSecond(device.measuredRateHz), value: device.measuredRateHz },
    { name: m.received(), text: count(device.received), value: device.received, id: chosen ? 'received' : undefined },
    {
      name: m.losses(),
      text: count(losses.total),
      value: losses.total,
      id: chosen ? 'losses' : undefined,
      tone: losses.total > 0 ? 'warn' : undefined,
    },
    { name: m.losses_device(), text: count(losses.device), value: losses.device },
    { name: m.losses_wire(), text: count(losses.wire), value: losses.wire },
    { name: m.losses_host(), text: count(losses.host), value: losses.host },
    {
      name: m.latency(),
      text: latencyUs
        ? `${quantity(latencyUs.p50 * 1e-6, 's')}${thin}/${thin}${quantity(latencyUs.p99 * 1e-6, 's')}`
        : none,
      value: latencyUs?.p50,
    },
  ];
}
