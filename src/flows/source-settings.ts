import { Ajv } from 'ajv';
import type { Channel, KindDefaults } from '../channels/channel.ts';
import { checkFieldMap } from '../channels/check-field-map.ts';
import { Fault } from '../domain/fault.ts';
import type { SourceSettings } from '../domain/source.ts';

const TEMPLATE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Settings as they are kept: what the kind has unless they say otherwise is written out. */
export function withDefaults(settings: SourceSettings, defaults: KindDefaults): SourceSettings {
  return {
    ...(defaults.completesLater ? { completes_later: true } : {}),
    ...(defaults.updateSemantics ? { update_semantics: true } : {}),
    ...settings,
  };
}

/** Throws `body_invalid` where settings ask for what the kind of the source does not have. */
export function checkSettings(kind: string, channel: Channel | null, settings: SourceSettings): void {
  if (settings.form !== undefined && kind !== 'form') refuse('settings.form', 'only sources of the kind form have it');
  if (settings.allow_ips !== undefined && (kind === 'form' || channel === null)) {
    refuse('settings.allow_ips', 'only sources that a platform pushes to have it');
  }
  if (settings.platform !== undefined) checkPlatform(kind, channel, settings.platform);
  if (channel?.fetch == null) {
    for (const name of ['api_base', 'requests_per_minute'] as const) {
      if (settings[name] !== undefined) refuse(`settings.${name}`, `a source of the kind ${kind} fetches nothing`);
    }
  }
  for (const [name, map] of Object.entries(settings.import_templates ?? {})) checkTemplate(name, map);
  if (settings.field_map === undefined) return;
  if (kind === 'rest') refuse('settings.field_map', 'REST takes the canonical body: there is nothing to map');
  checkMap('/settings/field_map', settings.field_map);
}

function checkTemplate(name: string, map: unknown): void {
  if (!TEMPLATE_NAME.test(name)) {
    refuse(
      `/settings/import_templates/${name}`,
      'the name of a template has up to 64 of a-z, 0-9, - and _, not beginning with - or _',
    );
  }
  checkMap(`/settings/import_templates/${name}`, map);
}

function checkMap(path: string, map: unknown): void {
  const checked = checkFieldMap(map);
  const fault = 'faults' in checked ? checked.faults[0] : undefined;
  if (fault !== undefined) refuse(`${path}${fault.path}`, fault.message);
}

/** Throws `body_invalid` where a captcha is asked for that nobody could check. */
export function checkCaptcha(settings: SourceSettings, credentials: Readonly<Record<string, string>>): void {
  if (settings.form?.captcha === undefined || credentials['captcha_secret'] !== undefined) return;
  refuse('credentials.captcha_secret', 'it is required: settings.form.captcha is checked with it');
}

function checkPlatform(kind: string, channel: Channel | null, platform: Readonly<Record<string, unknown>>): void {
  if (channel === null) refuse('settings.platform', `a source of the kind ${kind} has no settings of a platform`);
  const check = new Ajv({ strict: false, allErrors: false }).compile(channel.settings);
  if (check(platform)) return;
  const [error] = check.errors ?? [];
  const known = Object.keys(channel.settings.properties).join(', ');
  const unknown = error?.keyword === 'additionalProperties';
  const message = unknown
    ? `a source of the kind ${kind} has these: ${known || 'none'}`
    : (error?.message ?? 'it is no setting');
  refuse(`/settings/platform${error?.instancePath ?? ''}`, message);
}

function refuse(path: string, message: string): never {
  throw new Fault('body_invalid', path, message);
}
