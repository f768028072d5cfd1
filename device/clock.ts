// A board's time on the host's clock. The smallest delay seen between a reading's instant and its arrival is taken for the delay of the line;
// it may grow again by 0.6 %, so that drift is followed: the ceramic resonator of an Uno is good to 0.5 %, a crystal to 0.01 %.

const CREEP = 6e-3;

export class BoardClock {
  private offsetS: number | null = null;
  private lastDeviceS = 0;
  private lastHostS = -Infinity;
  private lastUs = 0;
  private wraps = 0;

  /** Unwraps 32-bit microseconds to seconds since the board's reset; call in the order of the readings. */
  unwrap(timeUs: number): number {
    if (timeUs < this.lastUs && this.lastUs - timeUs > 0x8000_0000) this.wraps++;
    this.lastUs = timeUs;
    return (this.wraps * 0x1_0000_0000 + timeUs) / 1e6;
  }

  /** Host seconds of an instant of the board, `arrivalS` being when its reading arrived. Never runs backwards. */
  hostTimeS(deviceS: number, arrivalS: number): number {
    const offsetS = arrivalS - deviceS;
    this.offsetS =
      this.offsetS === null
        ? offsetS
        : Math.min(offsetS, this.offsetS + CREEP * Math.max(0, deviceS - this.lastDeviceS));
    this.lastDeviceS = deviceS;
    this.lastHostS = Math.max(this.lastHostS, deviceS + this.offsetS);
    return this.lastHostS;
  }
}
