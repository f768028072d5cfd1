// What an emulated board measures: a simulated machine with states, seen as voltages at the ADC pins. All of it is simulated.
import { DeviceFault } from '../../fault';
import { industrial } from './industrial';

export interface ScenarioState {
  readonly id: string;
  readonly title: string;
}

/** A sensor on an ADC pin: value in `unit` = volts · unitPerVolt + offset. */
export interface ScenarioChannel {
  readonly name: string;
  readonly unit: string;
  /** 0…5: A0…A5. */
  readonly pin: number;
  readonly unitPerVolt: number;
  readonly offset: number;
}

export interface Signals {
  /** Of the states' ids; takes effect at `atS`, which must not lie before an earlier instant. */
  setState(id: string, atS: number): void;
  /** Instants must not decrease. A pin without sensor is at 0 V. */
  voltsAt(pin: number, timeS: number): number;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly simulated: true;
  /** The first is the one it starts in. */
  readonly states: readonly ScenarioState[];
  readonly channels: readonly ScenarioChannel[];
  /** The same seed and the same history of states give the same voltages. */
  create(seed: number): Signals;
}

const scenarios: readonly Scenario[] = [industrial];

export const scenarioNames: readonly string[] = scenarios.map((s) => s.id);

/** Throws DeviceFault `notFound`. */
export function scenario(name: string): Scenario {
  const found = scenarios.find((s) => s.id === name);
  if (found === undefined)
    throw new DeviceFault('notFound', `emulator:${name}`, `scenarios: ${scenarioNames.join(', ')}`);
  return found;
}
