// A device's figures as they are written on the overview and on its card.
import type { DeviceView } from '../../main/contract';
import { m } from '../paraglide/messages.js';
import type { Figure } from './figure';
import { bytes, clock, count, none, perSecond, quantity } from './format';

/** `chosen`: the device that `received` and `losses` are asked of. */
export function streamFigures(device: DeviceView, chosen: boolean): Figure[] {
  const { losses, latencyUs } = device;
  return [
    { name: m.received(), text: count(device.received), value: device.received, id: chosen ? 'received' : undefined },
    {
      name: m.losses(),
      text: count(losses.total),
      value: losses.total,
      id: chosen ? 'losses' : undefined,
      tone: losses.total > 0 ? 'warn' : undefined,
    },
    {
      name: m.losses_by(),
      text: [losses.device, losses.wire, losses.host].map(count).join(' / '),
      value: [losses.device, losses.wire, losses.host].join(' '),
    },
    { name: m.latency_p50(), text: latencyUs ? quantity(latencyUs.p50 * 1e-6, 's') : none, value: latencyUs?.p50 },
    { name: m.latency_p99(), text: latencyUs ? quantity(latencyUs.p99 * 1e-6, 's') : none, value: latencyUs?.p99 },
  ];
}

export function boardFigures(device: DeviceView): Figure[] {
  const { link, firmware } = device;
  return [
    { name: m.port(), text: device.id },
    { name: m.driver(), text: device.driver === 'lepton' ? m.driver_lepton() : (device.driver satisfies never) },
    { name: m.rate_measured(), text: perSecond(device.measuredRateHz), value: device.measuredRateHz },
    { name: m.channels(), text: count(device.channels.length), value: device.channels.length },
    {
      name: m.last_seen(),
      text: device.status === 'streaming' ? m.now() : device.received > 0 ? clock(device.sinceMs) : none,
    },
    { name: m.round_trip(), text: link ? quantity(link.roundTripS, 's') : none, value: link?.roundTripS },
    { name: m.goodput(), text: link ? quantity(link.bytesPerSecond, 'B/s') : none, value: link?.bytesPerSecond },
    { name: m.firmware(), text: firmware ? firmware.build : none },
    { name: m.protocol(), text: firmware ? firmware.protocol : none },
    {
      name: m.model_capacity(),
      text: firmware ? bytes(firmware.modelCapacityBytes) : none,
      value: firmware?.modelCapacityBytes,
    },
  ];
}
