import { arch, platform } from 'node:os';
import t from 'tap';
import { locatePackage } from '../../src/store/embedded-package.ts';

t.test('the binaries of this platform are where npm put them', async (t) => {
  const { folder, version } = locatePackage(platform(), arch());
  t.match(folder, /native$/);
  t.match(version, /^18\./);
});

t.test('a platform without binaries is told where else a PostgreSQL comes from', async (t) => {
  for (const [name, machine] of [
    ['sunos', 'x64'],
    ['win32', 'x64'],
  ] as const) {
    const locate = () => locatePackage(name, machine);
    t.throws(locate, { code: 'embedded_unavailable', message: /DATABASE_URL.*compose\.yaml/ }, name);
    t.throws(locate, { message: `${name}-${machine}` }, name);
  }
});
