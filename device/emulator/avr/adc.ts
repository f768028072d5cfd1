// The analog-to-digital converter: 10 bits, 25 ADC clocks for the first conversion, 13 for the others. Datasheet section 23.
// The comparator as a trigger and external interrupt 0 are not connected.
import { CAPTURE, COMPARE_A, COMPARE_B, OVERFLOW } from './counter';
import type { Cpu } from './cpu';
import type { Timers } from './timers';

const ADCL = 0x78;
const ADCH = 0x79;
const ADCSRA = 0x7a;
const ADCSRB = 0x7b;
const ADMUX = 0x7c;

const ENABLE = 0x80;
const START = 0x40;
const AUTO_TRIGGER = 0x20;
const FLAG = 0x10;
const INTERRUPT = 0x08;
const LEFT_ADJUST = 0x20;
const VECTOR = 21;

const BANDGAP_VOLTS = 1.1;
const BANDGAP_CHANNEL = 14;
/** Inside, channel 8: about 314 mV at 25 °C. */
const TEMPERATURE_CHANNEL = 8;
const TEMPERATURE_VOLTS = 0.314;
const PINS = 8;

export interface AnalogInputs {
  readonly avccVolts: number;
  /** At the AREF pin. */
  readonly arefVolts: number;
  /** Volts at an ADC pin at the instant of sample and hold. */
  voltsAt(pin: number, atCycle: number): number;
}

export class Adc {
  private control = 0;
  private triggerSource = 0;
  private mux = 0;
  private result = 0;
  /** Reading ADCL keeps the result until ADCH is read. */
  private locked = false;
  private state: 'idle' | 'sampling' | 'converting' = 'idle';
  private first = true;
  private clockZeroAt = 0;
  private latchedMux = 0;
  private sampledVolts = 0;
  private doneAt = 0;
  private readonly event: number;

  constructor(
    private readonly cpu: Cpu,
    private readonly timers: Timers,
    private readonly inputs: AnalogInputs,
  ) {
    this.event = cpu.addEvent((atCycle) => (this.state === 'sampling' ? this.sample(atCycle) : this.complete(atCycle)));
    cpu.onInterrupt(VECTOR, () => this.setFlag(false));
    cpu.onIo(ADCSRA, { read: () => this.status(), write: (value) => this.writeControl(value) });
    cpu.onIo(ADCSRB, {
      read: () => this.triggerSource,
      write: (value) => {
        this.triggerSource = value;
        this.chooseTrigger();
      },
    });
    cpu.onIo(ADMUX, { read: () => this.mux, write: (value) => (this.mux = value) });
    cpu.onIo(ADCL, {
      read: () => {
        this.locked = true;
        return this.adjusted() & 0xff;
      },
      write: () => {},
    });
    cpu.onIo(ADCH, {
      read: () => {
        this.locked = false;
        return this.adjusted() >> 8;
      },
      write: () => {},
    });
  }

  reset(): void {
    this.control = this.triggerSource = this.mux = this.result = 0;
    this.locked = false;
    this.state = 'idle';
    this.first = true;
    this.cpu.schedule(this.event, Infinity);
  }

  private get divider(): number {
    return Math.max(2, 1 << (this.control & 7));
  }

  private status(): number {
    return this.control | (this.state === 'idle' ? 0 : START);
  }

  private writeControl(value: number): void {
    const wasOn = (this.control & ENABLE) !== 0;
    const flag = this.control & FLAG & ~value;
    this.control = (value & ~(START | FLAG)) | flag;
    if ((value & ENABLE) === 0) {
      this.state = 'idle';
      this.first = true;
      this.cpu.schedule(this.event, Infinity);
    } else {
      if (!wasOn) this.clockZeroAt = this.cpu.cycles;
      if ((value & START) !== 0 && this.state === 'idle') this.startAtNextClock();
    }
    this.chooseTrigger();
    this.raise();
  }

  private chooseTrigger(): void {
    const { timer0, timer1 } = this.timers;
    timer0.unlisten();
    timer1.unlisten();
    if ((this.control & (ENABLE | AUTO_TRIGGER)) !== (ENABLE | AUTO_TRIGGER)) return;
    const trigger = (atCycle: number): void => this.triggered(atCycle);
    switch (this.triggerSource & 7) {
      case 3:
        return timer0.listen(COMPARE_A, trigger);
      case 4:
        return timer0.listen(OVERFLOW, trigger);
      case 5:
        return timer1.listen(COMPARE_B, trigger);
      case 6:
        return timer1.listen(OVERFLOW, trigger);
      case 7:
        return timer1.listen(CAPTURE, trigger);
      default:
        return;
    }
  }

  /** A trigger restarts the ADC's prescaler, so that the delay to the sample is always the same. */
  private triggered(atCycle: number): void {
    if (this.state !== 'idle') return;
    this.clockZeroAt = atCycle;
    this.begin(atCycle, 2, 13.5);
  }

  private startAtNextClock(): void {
    const { divider } = this;
    const clocks = Math.ceil((this.cpu.cycles - this.clockZeroAt) / divider);
    this.begin(this.clockZeroAt + clocks * divider, 1.5, 13);
  }

  private begin(atCycle: number, sampleClocks: number, totalClocks: number): void {
    const { divider, first } = this;
    this.first = false;
    this.state = 'sampling';
    this.latchedMux = this.mux;
    this.doneAt = atCycle + (first ? 25 : totalClocks) * divider;
    this.cpu.schedule(this.event, atCycle + (first ? 13.5 : sampleClocks) * divider);
  }

  private sample(atCycle: number): void {
    this.sampledVolts = this.volts(this.latchedMux & 0x0f, atCycle);
    this.state = 'converting';
    this.cpu.schedule(this.event, this.doneAt);
  }

  private complete(atCycle: number): void {
    this.state = 'idle';
    if (!this.locked) {
      const steps = Math.floor((this.sampledVolts * 1024) / this.referenceVolts());
      this.result = Math.min(1023, Math.max(0, steps));
    }
    this.setFlag(true);
    const freeRunning = (this.control & AUTO_TRIGGER) !== 0 && (this.triggerSource & 7) === 0;
    if (freeRunning) this.begin(atCycle, 1.5, 13);
  }

  private volts(channel: number, atCycle: number): number {
    if (channel < PINS) return this.inputs.voltsAt(channel, atCycle);
    if (channel === BANDGAP_CHANNEL) return BANDGAP_VOLTS;
    return channel === TEMPERATURE_CHANNEL ? TEMPERATURE_VOLTS : 0;
  }

  private referenceVolts(): number {
    switch (this.latchedMux >> 6) {
      case 1:
        return this.inputs.avccVolts;
      case 3:
        return BANDGAP_VOLTS;
      default:
        return this.inputs.arefVolts;
    }
  }

  private adjusted(): number {
    return (this.mux & LEFT_ADJUST) !== 0 ? this.result << 6 : this.result;
  }

  private setFlag(on: boolean): void {
    this.control = on ? this.control | FLAG : this.control & ~FLAG;
    this.raise();
  }

  private raise(): void {
    this.cpu.request(VECTOR, (this.control & (FLAG | INTERRUPT)) === (FLAG | INTERRUPT));
  }
}
