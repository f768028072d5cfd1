// Ids of a lab: unique, pointing at something, without cycles; and the graph in one piece. PLANNER.md section 1.
import type { Lab } from './lab';
import type { JsonPath } from './json-place';

export interface BrokenReference {
  readonly path: JsonPath;
  readonly message: string;
}

/** The first reference that does not hold, in the order of the file. */
export function brokenReference(lab: Lab): BrokenReference | undefined {
  return duplicateId(lab) ?? danglingId(lab) ?? dependencyCycle(lab) ?? separatePart(lab);
}

function duplicateId(lab: Lab): BrokenReference | undefined {
  for (const list of ['nodes', 'links', 'media', 'sensors', 'consumers'] as const) {
    const first = new Map<string, number>();
    for (const [index, { id }] of lab[list].entries()) {
      const earlier = first.get(id);
      if (earlier !== undefined) {
        return {
          path: [list, index, 'id'],
          message: `${list}[${earlier}] is called ${quoted(id)} too; ids are unique`,
        };
      }
      first.set(id, index);
    }
  }
  return undefined;
}

function danglingId(lab: Lab): BrokenReference | undefined {
  const nodes = new Set(lab.nodes.map((node) => node.id));
  const media = new Set(lab.media.map((medium) => medium.id));
  const check = (known: Set<string>, kind: string, id: string, path: JsonPath): BrokenReference | undefined =>
    known.has(id) ? undefined : { path, message: `there is no ${kind} ${quoted(id)}` };

  for (const [i, node] of lab.nodes.entries()) {
    for (const [j, id] of node.depends_on.entries()) {
      const broken = check(nodes, 'node', id, ['nodes', i, 'depends_on', j]);
      if (broken !== undefined) return broken;
    }
  }
  for (const [i, link] of lab.links.entries()) {
    const broken =
      check(nodes, 'node', link.a, ['links', i, 'a']) ??
      check(nodes, 'node', link.b, ['links', i, 'b']) ??
      (link.medium === undefined ? undefined : check(media, 'medium', link.medium, ['links', i, 'medium']));
    if (broken !== undefined) return broken;
  }
  for (const list of ['sensors', 'consumers'] as const) {
    for (const [i, { node }] of lab[list].entries()) {
      const broken = check(nodes, 'node', node, [list, i, 'node']);
      if (broken !== undefined) return broken;
    }
  }
  return undefined;
}

/** Walks depends_on without recursion: a node met again while it is still open closes a cycle. */
function dependencyCycle(lab: Lab): BrokenReference | undefined {
  const indexOf = new Map(lab.nodes.map((node, index) => [node.id, index]));
  const state = new Uint8Array(lab.nodes.length); // 0 new, 1 open, 2 done
  for (let root = 0; root < lab.nodes.length; root++) {
    if (state[root] !== 0) continue;
    const open = [{ node: root, next: 0 }];
    state[root] = 1;
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const dependency = lab.nodes[top.node]?.depends_on[top.next];
      if (dependency === undefined) {
        state[top.node] = 2;
        open.pop();
        continue;
      }
      const target = indexOf.get(dependency) ?? -1;
      if (state[target] === 1) {
        return {
          path: ['nodes', top.node, 'depends_on', top.next],
          message: `closes a circle: ${quoted(dependency)} depends on ${quoted(lab.nodes[top.node]?.id ?? '')} in turn`,
        };
      }
      top.next++;
      if (state[target] === 0) {
        state[target] = 1;
        open.push({ node: target, next: 0 });
      }
    }
  }
  return undefined;
}

function separatePart(lab: Lab): BrokenReference | undefined {
  const neighbours = new Map<string, string[]>(lab.nodes.map((node) => [node.id, []]));
  for (const { a, b } of lab.links) {
    neighbours.get(a)?.push(b);
    neighbours.get(b)?.push(a);
  }
  const first = lab.nodes[0]?.id ?? '';
  const reached = new Set([first]);
  for (const id of reached) for (const next of neighbours.get(id) ?? []) reached.add(next);
  const index = lab.nodes.findIndex((node) => !reached.has(node.id));
  if (index < 0) return undefined;
  const id = lab.nodes[index]?.id ?? '';
  return {
    path: ['nodes', index],
    message: `no chain of links joins ${quoted(id)} to ${quoted(first)}; a lab is one network`,
  };
}

const quoted = (id: string): string => `"${id}"`;
