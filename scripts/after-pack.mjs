// electron-builder's hook: takes out what a runtime folder has for development only, so that nothing but our app can be started with it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export default function afterPack({ appOutDir }) {
  rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
  rmSync(join(appOutDir, 'version'), { force: true });
}
