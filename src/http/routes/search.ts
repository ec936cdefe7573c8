import { Type } from 'typebox';
import { type FoundCustomer, findCustomers } from '../../store/customer-read.ts';
import type { Db } from '../../store/database.ts';
import { findLeads, listLeadsOf } from '../../store/lead-read.ts';
import type { ListedLead } from '../../store/listed-lead.ts';
import { readPolicy } from '../../store/rules.ts';
import { findByExternalId, findByIdentities } from '../../store/search.ts';
import { sessionOf } from '../../store/session.ts';
import { snapshot } from '../../store/snapshot.ts';
import { grantOf } from '../actor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { factsOf, lookAtCustomer } from '../open-customer.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { auditFullRead } from '../read-in-full.ts';
import { CustomerExists, CustomerRecord } from '../schemas/customer-answer.ts';
import { LeadExists, LeadRecord } from '../schemas/lead-answer.ts';
import { SearchBody } from '../schemas/search.ts';
import { readSearch, type SearchKey } from '../search-key.ts';
import { sightOf } from '../sight.ts';
import { customerExists, customerRecord } from '../views/customer.ts';
import { leadRecordWithin } from '../views/lead.ts';
import { covers, reachOf } from '../visibility.ts';

const REFUSALS = [
  'phone_empty',
  'phone_invalid',
  'phone_masked',
  'phone_not_personal',
  'phone_scientific_notation',
] as const satisfies readonly ProblemCode[];
const ABOUT =
  'Nobody found is an empty list. It changes nothing; a phone belongs in a body, since addresses are written into logs.';

/** POST /v1/leads/search and /v1/customers/search: look-ups by what an address must not hold. */
export const searchRoutes: Routes = (app, deps) => {
  const { db, vault, limits } = deps;
  app.post('/v1/leads/search', {
    schema: {
      tags: ['leads'],
      summary: '查找线索: leads of a person, or by external id',
      description: `Newest first: every lead of the person, the one lead of an external id, or those of lead ids. ${ABOUT}`,
      body: SearchBody,
      response: {
        200: Type.Object({ items: Type.Array(Type.Union([LeadRecord, LeadExists])) }, { title: 'FoundLeads' }),
      },
    },
    config: { scope: 'leads:read', problems: REFUSALS },
    handler: async (request) => {
      const key = await readSearch(db, request, request.body, limits.defaultRegion);
      const leads = await snapshot(db, (tx) => findLeadsBy({ db: tx, vault }, key));
      const reach = reachOf(grantOf(request));
      const sight = sightOf(request);
      const ids = leads.filter(({ lead }) => covers(reach, lead)).map(({ lead }) => lead.id);
      await auditFullRead(deps, request, sight, { kind: 'lead', id: ids.length === 1 ? (ids[0] ?? null) : null, ids });
      return { items: leads.map((listed) => leadRecordWithin(reach, listed, sight)) };
    },
  });

  app.post('/v1/customers/search', {
    schema: {
      tags: ['customers'],
      summary: '查找客户: a person by phone, WeChat id, external id or ids',
      description: `Each as GET /v1/customers/{id} answers it. ${ABOUT}`,
      body: SearchBody,
      response: {
        200: Type.Object(
          { items: Type.Array(Type.Union([CustomerRecord, CustomerExists])) },
          { title: 'FoundCustomers' },
        ),
      },
    },
    config: { scope: 'leads:read', problems: REFUSALS },
    handler: async (request) => {
      const key = await readSearch(db, request, request.body, limits.defaultRegion);
      const { people, policy } = await snapshot(db, async (tx) => {
        const on = { db: tx, vault };
        const people = [];
        for (const found of await findCustomersBy(on, key)) {
          const look = await lookAtCustomer(on, request, found.customer.id);
          people.push({ look, facts: await factsOf(on, found, look) });
        }
        return { people, policy: (await readPolicy(sessionOf(tx))).document };
      });
      const sight = sightOf(request);
      const ids = people.filter(({ look }) => look.inReach).map(({ facts }) => facts.customer.id);
      const id = ids.length === 1 ? (ids[0] ?? null) : null;
      await auditFullRead(deps, request, sight, { kind: 'customer', id, ids });
      return {
        items: people.map(({ look, facts }) =>
          look.inReach ? customerRecord(facts, policy, look.reach, sight) : customerExists(facts),
        ),
      };
    },
  });
};

async function findLeadsBy(on: Pick<RouteDeps, 'db' | 'vault'>, key: SearchKey): Promise<readonly ListedLead[]> {
  switch (key.kind) {
    case 'identities':
      return listLeadsOf(on.db, on.vault, await findByIdentities(on.db, on.vault, key.identities));
    case 'external': {
      const hit = await findByExternalId(on.db, key.sourceId, key.externalId);
      return hit === null ? [] : shown(await findLeads(on.db, on.vault, [hit.leadId]));
    }
    case 'ids':
      return shown(await findLeads(on.db, on.vault, key.ids));
  }
}

/** Once each, newest first; erased and reverted ones are not found. */
function shown(leads: readonly ListedLead[]): readonly ListedLead[] {
  const once = new Map(leads.filter(({ lead }) => lead.hidden === null).map((listed) => [listed.lead.id, listed]));
  return [...once.values()].sort((a, b) => b.lead.createdAt - a.lead.createdAt || (a.lead.id < b.lead.id ? 1 : -1));
}

async function findCustomersBy(on: Pick<RouteDeps, 'db' | 'vault'>, key: SearchKey): Promise<readonly FoundCustomer[]> {
  const found = await findCustomers(on.db, await customerIdsOf(on, key));
  const once = new Map(found.filter(({ erasedAt }) => erasedAt === null).map((row) => [row.customer.id, row]));
  return [...once.values()];
}

async function customerIdsOf(
  { db, vault }: { readonly db: Db; readonly vault: RouteDeps['vault'] },
  key: SearchKey,
): Promise<readonly string[]> {
  switch (key.kind) {
    case 'identities':
      return findByIdentities(db, vault, key.identities);
    case 'external': {
      const hit = await findByExternalId(db, key.sourceId, key.externalId);
      return hit === null ? [] : [hit.root];
    }
    case 'ids':
      return key.ids;
  }
}
