import type { Sender } from './outbound.ts';

/** What a captcha service says of an answer; unknown where it cannot be asked, or will not say. */
export type CaptchaVerdict = 'passed' | 'failed' | 'unknown';

/** Asks a captcha service as Turnstile, reCAPTCHA and hCaptcha have it: secret, response and remoteip in a form. Never rejects. */
export type VerifyCaptcha = (url: string, form: Readonly<Record<string, string>>) => Promise<CaptchaVerdict>;

const WITHIN_MS = 2_000; // somebody waits for the page
const CONNECTIONS = 16;
/** Faults of our side or theirs, not of the visitor (developers.cloudflare.com/turnstile/get-started/server-side-validation). */
const NOT_THE_VISITOR: ReadonlySet<unknown> = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'bad-request',
  'internal-error',
]);

/** Asks by a sender, which calls allowed addresses only and follows no redirect; `failed` hears why an answer is unknown. */
export function captchaVerifier(sender: Sender, failed: (error: unknown) => void): VerifyCaptcha {
  return async (url, form) => {
    const sent = await sender.send(
      { id: `captcha ${url}`, version: 1, connections: CONNECTIONS },
      {
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: Buffer.from(new URLSearchParams(form).toString()),
        timeoutMs: WITHIN_MS,
      },
    );
    const verdict = verdictOf(sent.answer);
    if (verdict === 'unknown') failed(new Error(`the captcha service does not say: ${sent.excerpt ?? 'no answer'}`));
    return verdict;
  };
}

function verdictOf(answer: string | null): CaptchaVerdict {
  const { success, 'error-codes': codes } = parsed(answer);
  if (success === true) return 'passed';
  if (success !== false) return 'unknown';
  return Array.isArray(codes) && codes.some((code) => NOT_THE_VISITOR.has(code)) ? 'unknown' : 'failed';
}

function parsed(answer: string | null): { readonly success?: unknown; readonly 'error-codes'?: unknown } {
  try {
    return JSON.parse(answer ?? '') ?? {};
  } catch {
    return {};
  }
}
