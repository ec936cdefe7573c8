import { formatInstant } from '../../domain/instant.ts';
import type { Source } from '../../domain/source.ts';
import type { SourceAnswer } from '../schemas/source.ts';

/** A source, without its secrets. */
export function sourceAnswer(source: Source): SourceAnswer {
  return {
    id: source.id,
    name: source.name,
    kind: source.kind,
    state: source.state,
    channel: source.channel,
    defaults: source.defaults,
    settings: source.settings,
    has_secret: source.hasSecret,
    has_credentials: source.hasCredentials,
    version: source.version,
    created_at: formatInstant(source.createdAt),
    updated_at: formatInstant(source.updatedAt),
  };
}
