// Where things are in the checkout.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cache = join(root, '.cache');
export const modules = join(root, 'node_modules');
export const dist = join(root, 'dist');
export const release = join(root, 'release');
export const commandLine = join(dist, 'main', 'cli.cjs');
