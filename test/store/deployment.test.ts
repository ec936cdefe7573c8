import t from 'tap';
import { createDb } from '../../src/store/database.ts';
import { fixDeployment, readDeployment, replaceDeployment } from '../../src/store/deployment.ts';
import { testDatabase } from '../helpers/database.ts';

t.test('of many first starts one fixes the value, and all hold it', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  t.equal(await readDeployment(db, 'at_rest'), null);
  const answers = await Promise.all(
    ['raw', 'all', 'none', 'raw', 'all'].map((value) => fixDeployment(db, 'at_rest', value)),
  );
  t.equal(new Set(answers).size, 1);
  t.equal(await readDeployment(db, 'at_rest'), answers[0]);
});

t.test('a value is replaced only where it is what the caller read', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await fixDeployment(db, 'identity_key', 'one');
  await replaceDeployment(db, 'identity_key', 'other', 'two');
  t.equal(await readDeployment(db, 'identity_key'), 'one');
  await replaceDeployment(db, 'identity_key', 'one', 'two');
  t.equal(await readDeployment(db, 'identity_key'), 'two');
});
