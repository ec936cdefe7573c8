import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** A lead that was accepted: what the answer said, and how often it had been asked. */
export interface Accepted {
  readonly key: string;
  readonly submissionId: string;
  readonly leadId: string;
  readonly decision: string;
  readonly tries: number;
}

/** Where and how leads are posted. */
export interface Posting {
  readonly bodies: readonly object[];
  readonly adminKey: string;
  readonly spacingMs: number; // between one lead and the next, on average: they come in bursts
  readonly address: () => string | null; // of a service that takes leads; null: none does now
  readonly stop: AbortSignal;
}

interface OutcomeBody {
  readonly submission_id: string;
  readonly lead_id: string;
  readonly decision: string;
  readonly original_decision?: string;
}

const BURST = 25;
const AGAIN_MS = 100;
const WAIT_MS = 15_000;

/** Posts every body at its time, again under the same key until there is an answer. Throws where one is refused. */
export async function postAll({ bodies, adminKey, spacingMs, address, stop }: Posting): Promise<readonly Accepted[]> {
  const agent = new Agent({ connections: 32 });
  const began = performance.now();
  try {
    return await Promise.all(bodies.map((body, n) => post(`ledger-${n}`, body, began + (n - (n % BURST)) * spacingMs)));
  } finally {
    await agent.destroy();
  }

  async function post(key: string, body: object, at: number): Promise<Accepted> {
    await delay(Math.max(0, at - performance.now()), undefined, { signal: stop });
    for (let tries = 1; ; tries += 1) {
      const to = address();
      const answer = to === null ? null : await attempt(to, key, body).catch(() => null); // killed, or not up yet
      if (answer !== null && answer.status < 300) {
        const { submission_id: submissionId, lead_id: leadId, decision, original_decision } = answer.body;
        return { key, submissionId, leadId, decision: original_decision ?? decision, tries };
      }
      const refused = answer !== null && answer.status < 500 && answer.status !== 409; // 409: it is still in progress
      if (refused) throw new Error(`${key} is refused: ${JSON.stringify(answer.body)}`);
      await delay(AGAIN_MS, undefined, { signal: stop });
    }
  }

  async function attempt(to: string, key: string, body: object) {
    const answer = await request(`${to}/v1/leads`, {
      dispatcher: agent,
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.any([stop, AbortSignal.timeout(WAIT_MS)]),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as OutcomeBody };
  }
}
