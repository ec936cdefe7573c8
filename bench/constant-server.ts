// Fastify answering a constant with the same schemas: what HTTP alone costs.
import { fastify } from 'fastify';
import { LeadBody } from '../src/http/schemas/lead.ts';
import { OutcomeAnswer } from '../src/http/schemas/outcome.ts';
import { createValidators, validatorCompiler } from '../src/http/validators.ts';

const app = fastify();
app.setValidatorCompiler(validatorCompiler(createValidators()));
const answer = {
  submission_id: '01a20014-8dd5-7449-8490-7e323e649300',
  decision: 'created',
  lead_id: '01a20014-8dd5-7449-8490-7e323e649302',
  customer_id: '01a20014-8dd5-7449-8490-7e323e649303',
  touch_id: '01a20014-8dd5-7449-8490-7e323e649301',
  rule: 'created.no_lead_in_scope',
  policy_version: 1,
  owner: { adviser: null, store: null, reason: 'pool' },
  warnings: [],
};
app.post('/v1/leads', { schema: { body: LeadBody, response: { 201: OutcomeAnswer } } }, async (_request, reply) =>
  reply.code(201).send(answer),
);
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => process.exit(0));
