import { formatInstant } from '../domain/instant.ts';
import type { FormSettings } from '../domain/source.ts';
import type { Channel, Push, Setup, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import { digest } from './digest.ts';
import { formConsents, withoutConsents } from './form-consents.ts';
import { withoutControls } from './form-controls.ts';
import { formFields } from './form-fields.ts';
import { FORM_MAP } from './form-map.ts';
import { trackingOf } from './form-tracking.ts';
import { fullName } from './full-name.ts';
import { json } from './reply.ts';
import { cut, storable } from './storable.ts';
import { textOf } from './text-of.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Set on a push by the service itself where the captcha service could not say. */
export const CAPTCHA_HEADER = 'x-clew-captcha';

const LONGEST_VISITOR = 200;
const MOST_VALUES = 12_000; // anybody can send a form, and 100,000 values kept the process busy for 10 s

/** A landing page's form: its fields are the record, by whatever names the page gives them. */
export const formChannel: Channel = {
  kind: 'form',
  title: '落地页表单',
  secret: 'none',
  credentials: {
    captcha_secret: {
      description:
        'The secret that the captcha service gives for checking answers, where settings.form.captcha is set.',
      required: false,
    },
  },
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: null, touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate: () => ({ kind: 'authentic' }),
  decode: (push, _setup, { maxDepth, maxValues }) =>
    decodeBody(push, { maxDepth, maxValues: Math.min(maxValues, MOST_VALUES) }),
  split,
  fieldMap: FORM_MAP,
  acknowledge: (as) => json(as === 'unavailable' ? 503 : 200, { status: as === 'unavailable' ? as : 'received' }),
  fetch: null,
};

/** The settings of a form are those of `settings.form`. */
function split(value: unknown, push: Push, setup: Setup): Split {
  const fields = formFields(value, push.query);
  if (fields === null) return { kind: 'unmappable', detail: 'The body is no form: a value without names of fields.' };
  const said = withoutControls(fields, setup.settings as FormSettings);
  if (Object.keys(said).length === 0) return { kind: 'unmappable', detail: 'The form has no fields.' };
  const page = pageOf(said, push);
  const consents = formConsents(fields, page);
  const record = withName(withoutConsents(said));
  const visitor = textOf(fields['visitor_id']);
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        // The same words may be sent again in a year and are a touch then; sent twice at once they are noise, and only the very
        // same request, taken in twice by way of the spool, is a replay.
        deliveryId: `form:${push.receivedAt}:${digest('sha256', 'hex', [push.query, '\n', push.body])}`,
        externalId: null, // the map reads it
        content: said,
        record: {
          ...record,
          ...trackingBeside(record, page),
          ...(page === null || pageOf(said, null) !== null ? {} : { landing_page: page }),
          received_at: formatInstant(push.receivedAt),
        },
        draft: {
          ...(consents.length === 0 ? {} : { consents }),
          ...(visitor === null ? {} : { visitor_id: cut(storable(visitor), LONGEST_VISITOR) }),
          ...(push.headers[CAPTCHA_HEADER] === 'unverified' ? { extra: { captcha: 'unverified' } } : {}),
        },
        reference: null,
        alone: value,
      },
    ],
  };
}

/** The address of the page: a hidden field, else what the browser says of it. */
function pageOf(fields: Fields, push: Push | null): string | null {
  for (const name of ['traffic.landing_page', 'landing_page', 'page_url']) {
    const said = textOf(fields[name]);
    if (said !== null) return said;
  }
  return textOf(push?.headers['referer']);
}

/** What the address of the page says and the form does not: without script a page cannot fill hidden fields. */
function trackingBeside(fields: Fields, page: string | null): Fields {
  const isLacking = (name: string) => textOf(fields[name]) === null && textOf(fields[`traffic.${name}`]) === null;
  return Object.fromEntries(Object.entries(trackingOf(page)).filter(([name]) => isLacking(name)));
}

/** With the whole name where a form asks for its parts only. */
function withName(fields: Fields): Fields {
  if (['name', 'full_name', '姓名', 'person.name'].some((name) => textOf(fields[name]) !== null)) return fields;
  const name = fullName(textOf(fields['first_name']), textOf(fields['last_name']));
  return name === null ? fields : { ...fields, full_name: name };
}
