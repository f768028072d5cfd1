// A small DC motor with a fan, healthy or with one of three faults. Textbook motor equations (J dω/dt = k·i − T, i = (U − k·ω)/R),
// one thermal mass, vibration as envelopes. Supply, load and surroundings wander, so that two visits to a state differ.
import { Random, Wander } from '../random';
import type { Scenario, ScenarioChannel, Signals } from './scenario';

const STEP_S = 0.005;
/** A gap nobody looked at is crossed in coarse steps. */
const GAP_S = 10;
const COARSE_STEP_S = 0.25;

// The motor: 12 V, 2800 rpm and 1.5 A under its usual load, speed settles with 0.12 s,
// and from standstill within a second.
const SUPPLY_V = 12;
const RESISTANCE_OHM = 1.2;
const CURRENT_LIMIT_A = 4;
const MOTOR_CONSTANT = 0.0348; // V·s/rad and N·m/A
const INERTIA = 1.6e-4; // kg·m²
const FRICTION_NM = 0.006;
const FAN_NM_PER_SPEED2 = 5.38e-7; // torque of the fan over (rad/s)²
const NOMINAL_SPEED = 293; // rad/s
const RPM_PER_SPEED = 60 / (2 * Math.PI);

const HEAT_CAPACITY = 600; // J/K: more than a kilogram of steel; 40 minutes to settle
const COOLING = 0.25; // W/K

/** What a state does to the machine. Vibration in mm/s at nominal speed. */
interface Fault {
  readonly radial: number;
  readonly axial: number;
  readonly frictionNm: number;
  readonly brakeNm: number;
}

const faults: ReadonlyMap<string, Fault> = new Map([
  ['normal', { radial: 0, axial: 0, frictionNm: 0, brakeNm: 0 }],
  ['imbalance', { radial: 1.75, axial: 0.15, frictionNm: 0.0005, brakeNm: 0 }],
  ['bearing', { radial: 0.35, axial: 1.65, frictionNm: 0.004, brakeNm: 0 }],
  ['blocked', { radial: 0, axial: 0, frictionNm: 0, brakeNm: 0.5 }],
]);

const channels: readonly ScenarioChannel[] = [
  { name: 'vibration_x', unit: 'mm/s', pin: 0, unitPerVolt: 2, offset: 0 },
  { name: 'vibration_y', unit: 'mm/s', pin: 1, unitPerVolt: 2, offset: 0 },
  { name: 'vibration_z', unit: 'mm/s', pin: 2, unitPerVolt: 2, offset: 0 },
  { name: 'current', unit: 'A', pin: 3, unitPerVolt: 1, offset: 0 },
  { name: 'temperature', unit: '°C', pin: 4, unitPerVolt: 100, offset: -50 },
  { name: 'speed', unit: 'rpm', pin: 5, unitPerVolt: 1000, offset: 0 },
];

/** Standard deviation of each sensor's own noise, in its unit. */
const SENSOR_NOISE = [0.06, 0.06, 0.06, 0.04, 0.3, 12];

class Motor implements Signals {
  private readonly random: Random;
  private readonly supply: Wander;
  private readonly load: Wander;
  private readonly surroundings: Wander;
  private readonly draught: Wander;
  private readonly severity: Wander;
  /** How the three envelopes and the bursts of a worn bearing swell and fade, as logarithms. */
  private readonly swell: readonly [Wander, Wander, Wander];
  private readonly burst: Wander;
  private fault: Fault;
  private speed = 0;
  private temperature: number;
  private simulatedS = 0;
  private readonly values: number[] = [0, 0, 0, 0, 0, 0];

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.supply = new Wander(random, SUPPLY_V, 0.06, 3);
    this.load = new Wander(random, 1, 0.025, 1.5);
    this.surroundings = new Wander(random, 24, 1, 300);
    this.draught = new Wander(random, 0, 1.2, 0.4);
    this.severity = new Wander(random, 1, 0.1, 2);
    this.swell = [
      new Wander(random, 0, 0.14, 0.03),
      new Wander(random, 0, 0.14, 0.03),
      new Wander(random, 0, 0.14, 0.03),
    ];
    this.burst = new Wander(random, 0, 0.3, 0.02);
    this.fault = faultOf('normal');
    this.temperature = this.surroundings.value + 18;
    this.step(STEP_S);
  }

  setState(id: string, atS: number): void {
    const fault = faultOf(id);
    this.advance(atS);
    this.fault = fault;
  }

  voltsAt(pin: number, timeS: number): number {
    this.advance(timeS);
    const channel = channels[pin];
    const value = this.values[pin];
    if (channel === undefined || value === undefined) return 0;
    return Math.min(5, Math.max(0, (value - channel.offset) / channel.unitPerVolt));
  }

  private advance(timeS: number): void {
    while (timeS - this.simulatedS >= STEP_S) {
      const seconds = timeS - this.simulatedS > GAP_S ? COARSE_STEP_S : STEP_S;
      this.step(seconds);
      this.simulatedS += seconds;
    }
  }

  private step(seconds: number): void {
    const { fault } = this;
    const supply = this.supply.step(seconds);
    const load = Math.max(0.2, this.load.step(seconds));
    const severity = this.severity.step(seconds);

    const current = Math.min(CURRENT_LIMIT_A, Math.max(0, (supply - MOTOR_CONSTANT * this.speed) / RESISTANCE_OHM));
    const drive = MOTOR_CONSTANT * current;
    const braking = FRICTION_NM + fault.frictionNm * severity + fault.brakeNm;
    // The part that grows with speed is taken implicitly: stable for steps of any length.
    const fan = FAN_NM_PER_SPEED2 * load * this.speed;
    const back = current < CURRENT_LIMIT_A ? (MOTOR_CONSTANT * MOTOR_CONSTANT) / RESISTANCE_OHM : 0;
    const pull = drive + back * this.speed - braking;
    this.speed = Math.max(0, (this.speed + (seconds * pull) / INERTIA) / (1 + (seconds * (fan + back)) / INERTIA));

    const heat = current * current * RESISTANCE_OHM + braking * this.speed;
    const settled = this.surroundings.step(seconds) + heat / COOLING;
    this.temperature = settled + (this.temperature - settled) * Math.exp((-seconds * COOLING) / HEAT_CAPACITY);

    const turning = this.speed / NOMINAL_SPEED;
    const centrifugal = fault.radial * severity * turning * turning;
    const impacts = fault.axial * severity * turning * Math.exp(this.burst.step(seconds));
    const [x, y, z] = this.swell;
    // Independent sources add as powers.
    this.sense(0, Math.hypot(1.1 * turning, centrifugal, 0.2 * impacts) * Math.exp(x.step(seconds)));
    this.sense(1, Math.hypot(0.9 * turning, 0.8 * centrifugal, 0.2 * impacts) * Math.exp(y.step(seconds)));
    this.sense(2, Math.hypot(0.8 * turning, 0.15 * centrifugal, impacts) * Math.exp(z.step(seconds)));
    this.sense(3, current);
    this.sense(4, this.temperature + this.draught.step(seconds));
    this.sense(5, this.speed * RPM_PER_SPEED);
  }

  private sense(pin: number, value: number): void {
    this.values[pin] = value + (SENSOR_NOISE[pin] ?? 0) * this.random.gaussian();
  }
}

function faultOf(id: string): Fault {
  const fault = faults.get(id);
  if (fault === undefined) throw new RangeError(`no state ${id}`);
  return fault;
}

export const industrial: Scenario = {
  id: 'industrial',
  title: 'Motor with fan',
  simulated: true,
  states: [
    { id: 'normal', title: 'Normal' },
    { id: 'imbalance', title: 'Imbalance' },
    { id: 'bearing', title: 'Bearing wear' },
    { id: 'blocked', title: 'Blocked rotor' },
  ],
  channels,
  create: (seed) => new Motor(seed),
};
