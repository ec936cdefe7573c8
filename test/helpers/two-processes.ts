import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { Agent, request } from 'undici';
import { startClew } from './clew.ts';

/** Posts to the first (0, 2, …) or the second (1, 3, …) of two processes of the service over one database. */
// biome-ignore lint/suspicious/noExplicitAny: the answer's shape is what is tested
export type PostTo = (process: number, path: string, body: unknown) => Promise<{ status: number; body: any }>;

/** Two processes of the built service over one database, and how to ask them; they end with the test. */
export async function startTwo(t: Test, databaseUrl: string) {
  const key = `clew_${randomBytes(32).toString('base64url')}`;
  const env = {
    DATABASE_URL: databaseUrl,
    CLEW_SECRET_KEY: '5e'.repeat(32),
    CLEW_ADMIN_KEY: key,
    PORT: '0',
    CLEW_RATE_LIMIT_PER_MINUTE: '0',
  };
  const processes = [startClew(t, ['serve'], env), startClew(t, ['serve'], env)];
  const addresses = await Promise.all(
    processes.map(async (clew) => (await clew.said('stderr', /at (http:\S+)/))[1] ?? ''),
  );
  const agent = new Agent({ connections: 60 });
  t.teardown(() => agent.close());
  const post: PostTo = async (process, path, body) => {
    const answer = await request(`${addresses[process % 2]}${path}`, {
      dispatcher: agent,
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  return { processes, post };
}
