import { type Instant, parseInstant } from '../domain/instant.ts';
import type { FormSettings } from '../domain/source.ts';
import { textOf } from './text-of.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What fields of a form say to the service rather than about the person. */
export interface FormControls {
  readonly trap: 'empty' | 'filled'; // the field that people do not see
  readonly filledSeconds: number | null; // how long filling it in took; null: nobody can say
  readonly captcha: string | null; // the answer to show to the captcha service
  readonly redirect: string | null; // where the page wants its visitor to go
}

const HONEYPOT = 'website';
const CAPTCHA_FIELDS = ['cf-turnstile-response', 'g-recaptcha-response', 'h-captcha-response'];
const CONTROLS = ['redirect', '_next', 'form_started_at', 'form_sent_at', 'visitor_id', 'consent_version'];
const EPOCH_MS = /^\d{12,14}$/;

/** The name of the field that people do not see. */
export function honeypotOf(settings: FormSettings): string {
  return settings.honeypot ?? HONEYPOT;
}

/**
 * Reads the controls of a form. The clock that says when it was opened is the visitor's: where the page says by the same clock when
 * it was sent (`form_sent_at`) that is taken, else our own, and an opening in our future tells nothing.
 */
export function controlsOf(fields: Fields, settings: FormSettings, receivedAt: Instant): FormControls {
  const { captcha } = settings;
  const started = momentOf(fields['form_started_at']);
  const sent = momentOf(fields['form_sent_at']) ?? receivedAt;
  return {
    trap:
      textOf(fields[honeypotOf(settings)]) === null && !Array.isArray(fields[honeypotOf(settings)])
        ? 'empty'
        : 'filled',
    filledSeconds: started === null || started > sent ? null : (sent - started) / 1000,
    captcha: captcha === undefined ? null : textOf(fields[captcha.field]),
    redirect: textOf(fields['redirect']) ?? textOf(fields['_next']),
  };
}

/** The fields of a form that are about the person: without controls, and without an empty trap. */
export function withoutControls(fields: Fields, settings: FormSettings): Fields {
  const trap = honeypotOf(settings);
  const dropped = new Set([...CONTROLS, ...CAPTCHA_FIELDS, ...(settings.captcha ? [settings.captcha.field] : [])]);
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => !dropped.has(name) && !(name === trap && textOf(value) === null && !Array.isArray(value)),
    ),
  );
}

/** A moment in milliseconds or ISO 8601; null where it is neither. */
function momentOf(value: unknown): Instant | null {
  const text = textOf(value);
  if (text === null) return null;
  return EPOCH_MS.test(text) ? Number(text) : parseInstant(text);
}
