// The handler that a team would write first: Fastify and pg, one transaction a request, the same tables and the same rows.
import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });
const source = process.env['BENCH_SOURCE'] ?? randomUUID();
const secret = randomBytes(32);

interface Body {
  external_id: string;
  channel: string;
  person: { phone: string; name: string; city: string };
  campaign: { id: string };
}

function seal(text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

async function capture(body: Body): Promise<Record<string, unknown>> {
  const client = await pool.connect();
  const now = new Date();
  const phone = `+86${body.person.phone}`;
  const [submissionId, touchId, identityId] = [randomUUID(), randomUUID(), randomUUID()];
  try {
    await client.query('begin');
    const seen = await client.query(`select 1 from receipt where source_id = $1 and kind = 'external' and key = $2`, [
      source,
      body.external_id,
    ]);
    if (seen.rows.length > 0) {
      await client.query('rollback');
      return { decision: 'replayed' };
    }
    const claimed = await client.query(
      `insert into identity (kind, namespace, value, id, customer_id, created_at, seen_at) values ('phone', '', $1, $2, $3, $4, $4)
       on conflict (value, kind, namespace) do update set seen_at = excluded.seen_at returning customer_id`,
      [phone, identityId, randomUUID(), now],
    );
    const customerId = claimed.rows[0].customer_id;
    const policy = await client.query('select version, document from policy order by version desc limit 1');
    const customers = await client.query('select * from customer where id = $1 for update', [customerId]);
    const leads = await client.query(
      `select * from lead where customer_id = $1 and state in ('new', 'assigned', 'following')`,
      [customerId],
    );
    const near = await client.query('select id from touch where customer_id = $1 and occurred_at between $2 and $3', [
      customerId,
      new Date(now.getTime() - 300_000),
      new Date(now.getTime() + 300_000),
    ]);
    const origin = { at: now.getTime(), channel: body.channel, campaign_id: body.campaign.id, touch_id: touchId };
    const profile = {
      stated: { name: { v: body.person.name, at: now.getTime(), sub: submissionId } },
      near: near.rows.length,
    };
    if (customers.rows.length === 0) {
      await client.query(
        `insert into customer (id, profile, first_source, last_source, touch_count, created_at, updated_at, locked_at)
         values ($1, $2, $3, $3, 1, $4, $4, $4)`,
        [customerId, JSON.stringify(profile), JSON.stringify(origin), now],
      );
    } else {
      await client.query(
        'update customer set profile = $2, last_source = $3, touch_count = touch_count + 1, version = version + 1, updated_at = $4 where id = $1',
        [customerId, JSON.stringify(profile), JSON.stringify(origin), now],
      );
    }
    const open = leads.rows[0];
    const leadId = open?.id ?? randomUUID();
    const decision = open === undefined ? 'created' : 'merged';
    if (open === undefined) {
      await client.query(
        `insert into lead (id, customer_id, scope, phone, state, state_at, cycle_started_at, first_source, last_source, touch_count,
           last_activity_at, last_received_at, event_sequence, created_at, recorded_at, updated_at)
         values ($1, $2, 'all', $3, 'new', $4, $4, $5, $5, 1, $4, $4, 1, $4, $4, $4)`,
        [leadId, customerId, phone, now, JSON.stringify(origin)],
      );
    } else {
      await client.query(
        `update lead set last_source = $2, touch_count = touch_count + 1, last_activity_at = $3, last_received_at = $3,
           event_sequence = event_sequence + 1, version = version + 1, updated_at = $3 where id = $1`,
        [leadId, JSON.stringify(origin), now],
      );
    }
    const text = JSON.stringify(body);
    const fingerprint = createHash('sha256').update(text).digest('hex');
    await client.query(
      `insert into submission (id, source_id, external_id, decision, rule, policy_version, customer_id, lead_id, touch_id, fields, phone,
         phone_typed, fingerprint, occurred_at, received_at) values ($1, $2, $3, $4, 'plain', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
      [
        submissionId,
        source,
        body.external_id,
        decision,
        policy.rows[0]?.version ?? 0,
        customerId,
        leadId,
        touchId,
        text,
        phone,
        body.person.phone,
        fingerprint,
        now,
      ],
    );
    await client.query(
      'insert into raw_body (submission_id, received_at, content_type, body, sealed) values ($1, $2, $3, $4, true)',
      [submissionId, now, 'application/json', seal(text)],
    );
    await client.query(
      `insert into touch (id, submission_id, customer_id, lead_id, cycle, identity_id, source_id, channel, kind, campaign, noise_key,
         decision, first_at, first_submission_id, last_at, last_submission_id, occurred_at, received_at)
       values ($1, $2, $3, $4, 1, $5, $6, $7, 'form', $8, $9, $10, $11, $2, $11, $2, $11, $11)`,
      [
        touchId,
        submissionId,
        customerId,
        leadId,
        identityId,
        source,
        body.channel,
        body.campaign.id,
        fingerprint,
        decision,
        now,
      ],
    );
    await client.query(
      `insert into receipt (source_id, kind, key, submission_id, fingerprints, created_at) values ($1, 'external', $2, $3, $4, $5)`,
      [source, body.external_id, submissionId, [fingerprint], now],
    );
    await client.query(
      `insert into event (id, type, subject_kind, subject_id, customer_id, lead_id, sequence, occurred_at, recorded_at, actor, submission_id, data)
       values ($1, $2, 'lead', $3, $4, $3, 1, $5, $5, 'plain', $6, $7)`,
      [
        randomUUID(),
        open === undefined ? 'lead.created' : 'lead.touched',
        leadId,
        customerId,
        now,
        submissionId,
        JSON.stringify({
          decision,
          channel: body.channel,
          touch_id: touchId,
          kind: 'form',
          state: 'new',
          cycle: 1,
          scope: 'all',
        }),
      ],
    );
    await client.query('commit');
    return {
      submission_id: submissionId,
      decision,
      lead_id: leadId,
      customer_id: customerId,
      rule: 'plain',
      policy_version: 1,
      owner: null,
      warnings: [],
    };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

const app = fastify();
app.post<{ Body: Body }>(
  '/v1/leads',
  {
    schema: {
      body: {
        type: 'object',
        required: ['person'],
        properties: { person: { type: 'object', required: ['phone'], properties: { phone: { type: 'string' } } } },
      },
    },
  },
  async (request, reply) => {
    const answer = await capture(request.body);
    return reply.code(answer['decision'] === 'created' ? 201 : 200).send(answer);
  },
);
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => process.exit(0));
