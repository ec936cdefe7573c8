import type { Config } from '../config.ts';

/** What a person sees when the service is up: where it is, its key if it made one, and a line to try it with. */
export function banner(version: string, url: string, config: Config, ownKey: string | null): string {
  const key = ownKey ?? (config.adminKey === null ? '$CLEW_KEY' : '$CLEW_ADMIN_KEY');
  const lead = `{"channel":"douyin","person":{"phone":"13800138000","name":"张三","city":"杭州"}}`;
  const keyLines = ownKey === null ? keyHint(config) : [`  admin key  ${ownKey}`];
  return [
    '',
    `  clew ${version} takes leads at ${url}`,
    `  reference  ${url}/docs`,
    ...keyLines,
    '',
    '  A first lead:',
    `  curl -s ${url}/v1/leads -H "authorization: Bearer ${key}" -H "content-type: application/json" -d '${lead}'`,
    '',
    '',
  ].join('\n');
}

function keyHint(config: Config): readonly string[] {
  if (config.adminKey !== null) return [];
  return ['  make a key with: clew keys create --name first --scopes leads:write,leads:read'];
}

/** The address to reach a listening server at from this machine. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
