import type { Entry } from './entry.ts';
import { hastenTask } from './hasten-task.ts';
import { isLive, type Lead } from './lead.ts';
import { type Person, withLead } from './person.ts';
import { isRated, rateLead, tellRating } from './rate-lead.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import { tellFacts } from './tell-facts.ts';
import type { TouchTaken, Worked } from './working.ts';
import type { World } from './world.ts';

const FIRST_ID = ID.event + 12; // a touch tells fewer events of its own lead
const MOST = 13; // leads of other scopes: two events each, before the ids of a sleep; more of them are rated at their own next event

/**
 * The person after a touch that one of their leads took, with their other open leads rated anew, since channels count for the person;
 * tells of those that are rated otherwise, and brings forward the tasks of those that rose.
 */
export function tellOthers(world: World, entry: Entry, taken: TouchTaken, person: Person): Person {
  const { lead: mine, settled } = taken;
  const others = person.leads.filter((lead) => lead.id !== mine.id && isLive(lead) && isRated(lead));
  if (others.length === 0) return person;
  const bucket = bucketDigits(person.customer.id);
  const submissionId = makeId(entry.seed, bucket, ID.submission);
  let n = FIRST_ID;
  const nextId = (): string => {
    n += 1;
    return makeId(entry.seed, bucket, n);
  };
  return others
    .map((lead) => ({ lead, worked: rateOther(lead, taken) }))
    .filter(({ worked }) => worked.facts.length > 0)
    .slice(0, MOST)
    .reduce<Person>((known, { lead, worked }) => {
      const version = lead.version + 1;
      const grown = { ...worked.lead, version, updatedAt: Math.max(lead.updatedAt, taken.at) };
      const common = { occurredAt: settled.occurredAt, submissionId, nextId };
      const told = tellFacts({ lead: grown, facts: worked.facts }, person.customer.id, common);
      world.events.push(...told.events.map((event) => ({ event, entry })));
      return withLead(known, told.lead);
    }, person);
}

function rateOther(lead: Lead, { customer, policy, settled, staffing, at }: TouchTaken): Worked {
  if (lead.ratingFacts === null) return { lead, facts: [] };
  const rated = rateLead(lead, lead.ratingFacts, customer.channels, policy);
  const told = tellRating(lead, rated).map((fact) => ({ ...fact, data: { ...fact.data, mode: settled.mode } }));
  if (told.length === 0 || settled.mode !== 'live') return { lead: rated, facts: told };
  const hastened = hastenTask(rated, at, policy.document.follow_up, staffing.directory);
  return { lead: hastened.lead, facts: [...told, ...hastened.facts] };
}
