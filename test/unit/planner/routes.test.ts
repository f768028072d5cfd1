// Which pairs of nodes have one route, none or several, against a search that lists every simple route.
import { expect, it } from 'vitest';
import { type LabFile, labOf } from '../../../main/planner/lab';
import { type Network, networkOf } from '../../../main/planner/network';
import { RouteTree } from '../../../main/planner/routes';
import { Draw } from './random-lab';

/** All simple routes, as link ids; relays must forward. */
function everyRoute({ lab }: Network, from: string, to: string): string[][] {
  const routes: string[][] = [];
  const walk = (at: string, links: string[], seen: string[]): void => {
    if (at === to) routes.push(links);
    else if (at === from || lab.nodes.some(({ id, forward }) => id === at && forward)) {
      for (const { id, a, b } of lab.links) {
        const next = a === at ? b : b === at ? a : undefined;
        if (next !== undefined && !seen.includes(next)) walk(next, [...links, id], [...seen, next]);
      }
    }
  };
  walk(from, [], [from]);
  return routes;
}

/** Connected, with up to four links more than a tree needs. */
function randomGraph(draw: Draw): LabFile {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].slice(0, 2 + draw.below(6));
  const ends = ids.slice(1).map((id, i) => [id, ids[draw.below(i + 1)] ?? '']);
  for (let extra = draw.below(5); extra > 0; extra--) {
    const [a, b] = [draw.of(...ids), draw.of(...ids)];
    if (a !== b) ends.push([a, b]);
  }
  return {
    job: { period_s: 1 },
    nodes: ids.map((id) => ({ id, infer_s: 1, forward: draw.chance(0.7) })),
    links: ends.map(([a = '', b = ''], i) => ({ id: `l${i}`, a, b, bandwidth_Bps: 1 })),
    sensors: [{ id: 's', node: 'a', rate_hz: 1, bytes_per_sample: 1 }],
    consumers: [{ id: 'u', node: 'b' }],
  };
}

it('tells one route from none and from several as a list of all routes does, both ways', () => {
  const seen = { none: 0, one: 0, several: 0 };
  for (let seed = 1; seed <= 400; seed++) {
    const network = networkOf(labOf(randomGraph(new Draw(seed))));
    const { nodes, links } = network.lab;
    for (const [root, { id: rootId }] of nodes.entries()) {
      const tree = new RouteTree(network, root);
      for (const [target, { id }] of nodes.entries()) {
        const all = everyRoute(network, rootId, id);
        const kind = all.length === 0 ? 'none' : all.length === 1 ? 'one' : 'several';
        seen[kind]++;
        for (const [answer, expected] of [
          [tree.to(target), all[0]],
          [tree.from(target), all[0]?.toReversed()],
        ] as const) {
          expect(answer.kind, `seed ${seed}: ${rootId} to ${id}`).toBe(kind);
          if (answer.kind === 'one') expect(answer.route.map(({ link }) => links[link]?.id)).toEqual(expected);
          if (answer.kind === 'several') {
            const link = links[answer.link]?.id ?? '';
            expect(all.some((route) => route.includes(link))).toBe(true);
            expect(all.some((route) => !route.includes(link))).toBe(true);
          }
        }
        const back = tree.from(target);
        if (back.kind === 'one') {
          const visited = back.route.flatMap(({ from, to }) => [from, to]);
          expect([visited[0] ?? root, visited.at(-1) ?? root]).toEqual(
            all[0]?.length === 0 ? [root, root] : [target, root],
          );
        }
      }
    }
  }
  expect(Math.min(seen.none, seen.one, seen.several)).toBeGreaterThan(100);
});
