// The route between two nodes, where there is only one: every other simple route would have to use a cycle. PLANNER.md sections 2 and 5.6.
// One depth-first pass a root finds all routes from it and which of their links lie on a cycle (Tarjan 1974).
import { type Crossing, entry, type Network, nodeAt } from './network';

export type Route = readonly Crossing[];

export type RouteAnswer =
  | { readonly kind: 'one'; readonly route: Route }
  | { readonly kind: 'none' }
  /** `link` lies on a cycle: there is a way round it. */
  | { readonly kind: 'several'; readonly link: number };

interface Arrival {
  /** The crossing by which the pass came here first; undefined at the root. */
  readonly by: Crossing | undefined;
  /** A link on the way from the root that can be gone round. */
  cyclic: number | undefined;
}

/** Routes from one root. Relays must forward; the root and the far end need not. */
export class RouteTree {
  private readonly arrivals = new Map<number, Arrival>();
  /** By node that the pass goes on from: when it came there. */
  private readonly order = new Map<number, number>();

  constructor(
    private readonly network: Network,
    private readonly root: number,
  ) {
    const low = this.walk();
    // Parents come before children in the map, so what holds for the parent is settled.
    for (const [node, arrival] of this.arrivals) {
      if (arrival.by === undefined) continue;
      const onCycle = this.expands(node)
        ? (low.get(node) ?? 0) <= this.orderOf(arrival.by.from)
        : this.waysInto(node) > 1;
      arrival.cyclic = onCycle ? arrival.by.link : this.arrivals.get(arrival.by.from)?.cyclic;
    }
  }

  /** From the root to `target`. */
  to(target: number): RouteAnswer {
    const route: Crossing[] = [];
    let arrival = this.arrivals.get(target);
    if (arrival === undefined) return { kind: 'none' };
    if (arrival.cyclic !== undefined) return { kind: 'several', link: arrival.cyclic };
    for (; arrival?.by !== undefined; arrival = this.arrivals.get(arrival.by.from)) route.push(arrival.by);
    return { kind: 'one', route: route.reverse() };
  }

  /** From `source` to the root: links join both ways. */
  from(source: number): RouteAnswer {
    const answer = this.to(source);
    if (answer.kind !== 'one') return answer;
    return { kind: 'one', route: answer.route.map((crossing) => this.reversed(crossing)).reverse() };
  }

  /** By expanded node: the earliest node that it or its descendants reach by a link outside the tree. */
  private walk(): Map<number, number> {
    const low = new Map<number, number>();
    const open: { node: number; next: number }[] = [];
    const arrive = (node: number, by: Crossing | undefined): void => {
      this.arrivals.set(node, { by, cyclic: undefined });
      if (!this.expands(node)) return;
      low.set(node, this.order.size);
      this.order.set(node, this.order.size);
      open.push({ node, next: 0 });
    };
    const lower = (node: number, order: number): void => {
      low.set(node, Math.min(low.get(node) ?? order, order));
    };
    arrive(this.root, undefined);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const by = this.arrivals.get(top.node)?.by;
      const crossing = entry(this.network.leaving, top.node)[top.next++];
      if (crossing === undefined) {
        open.pop();
        if (by !== undefined) lower(by.from, low.get(top.node) ?? 0);
      } else if (!this.arrivals.has(crossing.to)) {
        arrive(crossing.to, crossing);
      } else if (crossing.link !== by?.link && this.expands(crossing.to)) {
        lower(top.node, this.orderOf(crossing.to));
      }
    }
    return low;
  }

  private expands(node: number): boolean {
    return node === this.root || nodeAt(this.network, node).forward;
  }

  private orderOf(node: number): number {
    return this.order.get(node) ?? Infinity;
  }

  /** Links by which a node that does not forward can be entered. */
  private waysInto(node: number): number {
    return entry(this.network.leaving, node).filter(({ to }) => this.order.has(to)).length;
  }

  private reversed(crossing: Crossing): Crossing {
    const back = entry(this.network.leaving, crossing.to).find(({ link }) => link === crossing.link);
    if (back === undefined) throw new Error('a link that can be passed one way only');
    return back;
  }
}
