// Where a device's model computes: it is put on the board or taken by the laptop, checked, measured, and put back after a loss.
import type { Readings } from '../../device/readings';
import { InputFault } from '../../model/fault';
import type { DeploymentView } from '../contract';
import { describe } from '../sentences';
import { channelIndices } from './columns';
import { type BoardImage, deploy, holds, imageFor, verify } from './deployer';
import { LaptopModel, type LiveModel, type Predictions } from './live-model';
import type { StoredModel } from './models';
import type { DeviceSession } from './session';

export interface PlacementHost {
  clockMs(): number;
  changed(): void;
  log(level: 'good' | 'bad', text: string): void;
  /** Predictions from now on are of these classes; none without a model. */
  classesChanged(classes: readonly string[]): void;
}

interface Placed {
  id: string;
  stored: StoredModel;
  computePoint: 'board' | 'laptop';
  built: BoardImage | null;
  view: DeploymentView;
}

export class Placement {
  /** What the board is busy with. */
  private task: string | null = null;
  private live: LiveModel | null = null;
  private placed: Placed | null = null;
  private predictedMs = 0;

  constructor(
    private readonly session: DeviceSession,
    private readonly host: PlacementHost,
  ) {}

  /** Where predictions are computed now. */
  get computePoint(): 'board' | 'laptop' | null {
    return this.live?.computePoint ?? null;
  }

  get classes(): readonly string[] {
    return this.live?.model.classes ?? [];
  }

  /** Null without a model. */
  predict(readings: Readings): Predictions | null {
    const predictions = this.live?.predict(readings) ?? null;
    if (this.live?.latest != null) this.predictedMs = this.host.clockMs();
    return predictions;
  }

  deploy(id: string, stored: StoredModel, computePoint: 'board' | 'laptop'): Promise<void> {
    return this.alone('a model is being put there', () => this.place(id, stored, computePoint));
  }

  undeploy(): Promise<void> {
    return this.alone('its model is being taken off', () => this.takeOff());
  }

  /** Lets `work` measure the board, and puts back the model that it may have replaced. */
  measure<T>(work: (session: DeviceSession) => Promise<T>): Promise<T> {
    return this.alone('it is being measured', async () => {
      const found = await work(this.session);
      await this.putBack();
      return found;
    });
  }

  /** One long task at a time: a second one is refused in words instead of being mixed into the first. */
  private async alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.task !== null)
      throw new InputFault('busy', `${this.session.path} is busy: ${this.task}. Try again when that is done.`);
    this.task = what;
    try {
      return await work();
    } finally {
      this.task = null;
    }
  }

  private async place(id: string, stored: StoredModel, computePoint: 'board' | 'laptop'): Promise<void> {
    const built = computePoint === 'board' ? imageFor(stored, this.session) : null;
    const indices = channelIndices(stored.model, this.session.channels);
    await this.takeOff();
    const { info } = this.session.connectedBoard();
    const placed: Placed = {
      id,
      stored,
      computePoint,
      built,
      view: {
        device: this.session.path,
        model: id,
        computePoint,
        state: 'uploading',
        progress: 0,
        bytes: built?.bytes.length ?? 0,
        capacityBytes: info.modelCapacityBytes,
        seconds: 0,
        golden: null,
        live: { compared: 0, equal: 0 },
        classes: [...stored.model.classes],
        prediction: null,
        inferUs: null,
        fault: null,
      },
    };
    this.placed = placed;
    this.host.changed();
    try {
      if (built === null) this.setLive(new LaptopModel(stored.model, this.session.channels, indices));
      else await this.putOnBoard(placed);
      this.show(placed, { state: 'running', progress: 1 });
      this.host.log('good', `${id} computes on ${computePoint === 'board' ? this.session.path : 'the laptop'}.`);
    } catch (error) {
      const { code, message } = describe(error);
      this.show(placed, { state: 'failed', fault: { code, message } });
      throw error;
    }
  }

  private async takeOff(): Promise<void> {
    if (this.placed === null) return;
    const wasOnBoard = this.live?.computePoint === 'board';
    this.placed = null;
    this.setLive(null);
    if (wasOnBoard && this.session.board !== null) await this.session.board.run(false);
    this.host.changed();
  }

  verify(count: number): Promise<void> {
    return this.alone('golden inputs are being checked', () => this.checkGolden(count));
  }

  private async checkGolden(count: number): Promise<void> {
    const placed = this.placed;
    if (placed?.built == null)
      throw new InputFault('noModel', `There is no model on ${this.session.path} to check. Put one there first.`);
    const golden = { running: true, done: 0, total: count, equal: 0, differing: [] as number[] };
    this.show(placed, { golden });
    try {
      const result = await verify(placed.stored, this.session, placed.built, count, (done, equal, differing) =>
        this.show(placed, { golden: { running: true, done, total: count, equal, differing: [...differing] } }),
      );
      const { equal, differing, inferUs } = result;
      this.show(placed, { inferUs, golden: { running: false, done: count, total: count, equal, differing } });
      this.host.log(equal === count ? 'good' : 'bad', `${equal} of ${count} golden inputs are equal in every bit.`);
    } catch (error) {
      this.show(placed, { golden: { ...(placed.view.golden ?? golden), running: false } });
      throw error;
    }
  }

  private async putOnBoard(placed: Placed): Promise<void> {
    const done = await deploy(placed.stored, this.session, (progress) => this.show(placed, { progress }));
    this.setLive(done.live);
    this.show(placed, { seconds: done.seconds });
  }

  private setLive(live: LiveModel | null): void {
    this.live = live;
    this.host.classesChanged(this.classes);
  }

  private show(placed: Placed, change: Partial<DeploymentView>): void {
    placed.view = { ...placed.view, ...change };
    if (this.placed === placed) this.host.changed();
  }

  /** A board that is back has lost what it computed with: it is put there again. */
  async restore(): Promise<void> {
    try {
      await this.alone('its model is being put back', () => this.putBack());
    } catch (error) {
      this.host.log('bad', describe(error).message);
    }
  }

  private async putBack(): Promise<void> {
    const placed = this.placed;
    if (placed?.built == null) return;
    if (!(await holds(this.session.connectedBoard(), placed.built))) await this.putOnBoard(placed);
    this.show(placed, { state: 'running', fault: null });
  }

  view(): DeploymentView | null {
    const { placed, live } = this;
    if (placed === null) return null;
    const latest = live?.latest ?? null;
    return {
      ...placed.view,
      live: { compared: live?.compared ?? 0, equal: live?.equal ?? 0 },
      prediction: latest && { class: latest.class, scores: latest.scores, timeMs: this.predictedMs },
    };
  }
}
