// What a folder may import, as a table. Whoever needs more changes the table and argues it in ARCHITECTURE.md.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

interface Rule {
  /** Files it speaks of, as the start of their path. */
  of: string[];
  /** Own folders that may be imported, as starts of paths; nothing else of the project. */
  own: string[];
  /** Packages (and node:…) that may be imported; `node:*` for all of Node. */
  packages: (string | RegExp)[];
}

const NODE = /^node:/;

// The first rule that fits a file holds.
const rules: Rule[] = [
  { of: ['device/wire/'], own: ['device/wire/'], packages: [] },
  {
    of: ['device/transport/serialport.ts'],
    own: ['device/transport/', 'device/fault'],
    packages: [NODE, 'serialport'],
  },
  { of: ['device/emulator/worker.ts'], own: ['device/emulator/'], packages: [NODE] },
  { of: ['device/emulator/'], own: ['device/emulator/', 'device/fault'], packages: [] },
  { of: ['device/transport/emulator.ts', 'device/transport/ports.ts'], own: ['device/'], packages: [NODE] },
  { of: ['device/'], own: ['device/'], packages: [] },
  { of: ['model/'], own: ['model/'], packages: ['zod'] },
  { of: ['main/contract.ts'], own: [], packages: ['zod'] },
  { of: ['main/planner/'], own: ['main/planner/', 'main/contract', 'model/fault'], packages: ['zod'] },
  { of: ['main/store/database.ts'], own: ['main/store/'], packages: [NODE, '@duckdb/node-api'] },
  { of: ['main/store/'], own: ['main/store/', 'model/fault'], packages: [NODE, 'csv-parse/sync'] },
  { of: ['main/preload.ts'], own: ['main/contract'], packages: ['electron'] },
  {
    of: ['main/index.ts', 'main/window.ts', 'main/ipc.ts', 'main/engine-process.ts', 'main/selftest.ts'],
    own: ['main/contract', 'main/window', 'main/ipc', 'main/selftest', 'main/engine-process', 'main/engine/messages'],
    packages: ['electron', NODE],
  },
  // The process's entry names Electron's types for its parent port; types leave no import behind.
  {
    of: ['main/engine/', 'main/source.ts', 'main/sentences.ts'],
    own: ['main/', 'device/', 'model/'],
    packages: [NODE],
  },
  // avr8js is a peer to measure against; only its types are imported, and it is loaded where it is installed.
  { of: ['main/bench/'], own: ['main/', 'device/', 'model/'], packages: [NODE, 'avr8js'] },
  { of: ['main/cli/'], own: ['main/', 'device/', 'model/', 'package.json'], packages: [NODE, 'commander'] },
  {
    of: ['renderer/'],
    own: ['renderer/'],
    packages: ['svelte', /^svelte\//, 'bits-ui', /^@lucide\/svelte\/icons\//, 'uplot', /^uplot\//],
  },
];

/** Only these may import them, whatever the rules above say. */
const single: Record<string, string[]> = {
  serialport: ['device/transport/serialport.ts'],
  '@duckdb/node-api': ['main/store/database.ts'],
  electron: [
    'main/index.ts',
    'main/window.ts',
    'main/preload.ts',
    'main/ipc.ts',
    'main/engine-process.ts',
    'main/selftest.ts',
  ],
};

interface Import {
  from: string;
  typeOnly: boolean;
}

const root = join(import.meta.dirname, '../..');
const files = ['main', 'renderer', 'device', 'model']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(ts|svelte)$/.test(file) && !file.includes('/paraglide/') && !file.endsWith('.d.ts'));

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const code = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text;
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      found.push({ from: node.moduleSpecifier.text, typeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) found.push({ from: argument.text, typeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true));
  return found;
}

const fits = (names: readonly (string | RegExp)[], name: string): boolean =>
  names.some((allowed) => (typeof allowed === 'string' ? allowed === name : allowed.test(name)));

function breaches(file: string, { from, typeOnly }: Import): string | null {
  const rule = rules.find(({ of }) => of.some((start) => file.startsWith(start)));
  if (rule === undefined) return `${file}: no rule`;
  if (!from.startsWith('.')) {
    const keepers = single[from];
    if (typeOnly && keepers !== undefined) return null;
    if (keepers !== undefined && !keepers.includes(file))
      return `${file} imports ${from}; only ${keepers.join(', ')} may`;
    return fits(rule.packages, from) ? null : `${file} imports ${from}`;
  }
  const target = relative(root, join(root, dirname(file), from)).replaceAll('\\', '/');
  if (file.startsWith('renderer/') && typeOnly && target === 'main/contract') return null;
  return rule.own.some((start) => target.startsWith(start)) ? null : `${file} imports ${target}`;
}

describe('imports go one way', () => {
  test('every file imports only what its folder may', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(
      files
        .flatMap((file) => importsOf(file).map((found) => breaches(file, found)))
        .filter((breach) => breach !== null),
    ).toEqual([]);
  });

  test('device and model do not know each other, and a breach is noticed', () => {
    expect(breaches('device/board.ts', { from: '../model/fit', typeOnly: false })).toContain('model/fit');
    expect(breaches('model/fit.ts', { from: '../device/board', typeOnly: true })).toContain('device/board');
    expect(breaches('model/fit.ts', { from: 'node:fs', typeOnly: false })).toContain('node:fs');
    expect(breaches('main/engine/engine.ts', { from: 'electron', typeOnly: false })).toContain('only');
    expect(breaches('renderer/App.svelte', { from: '../main/contract', typeOnly: false })).toContain('main/contract');
    expect(breaches('renderer/App.svelte', { from: '../main/contract', typeOnly: true })).toBeNull();
    expect(breaches('main/engine/session.ts', { from: 'serialport', typeOnly: false })).toContain('only');
  });

  test('the lockfile names no registry host', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });
});
