import type { Instant } from '../domain/instant.ts';
import type { Sender } from '../webhooks/outbound.ts';
import { captchaVerifier, type VerifyCaptcha } from '../webhooks/verify-captcha.ts';
import { createIntake, type Intake, type IntakeDeps } from './intake.ts';
import { keepRecord } from './keep-record.ts';
import { newId } from './new-id.ts';
import type { PushReport, ReceiveDeps } from './receive-push.ts';
import { openSpool } from './spool.ts';
import { NO_FOLDER, openSpoolFolder } from './spool-folder.ts';

/** The ways in of platforms and pages. */
export interface Inbound extends ReceiveDeps, Intake {
  readonly verifyCaptcha: VerifyCaptcha;
}

/** What goes wrong beside a push, for the log. */
export type InboundFault = 'sources' | 'spool_write' | 'spool_read' | 'field_map' | 'channel' | 'recording' | 'captcha';

/** What the ways in are built with. */
export interface InboundDeps extends Omit<IntakeDeps, 'failed'> {
  readonly sender: Sender; // to captcha services
  readonly chance: (bytes: number) => Uint8Array;
  readonly spoolPath: string;
  readonly spoolMaxBytes: number;
  readonly ackWithinMs: number;
  readonly report: (line: PushReport) => void;
  readonly failed: (what: InboundFault, error: unknown) => void;
}

/** Builds the ways in over their spool; what an earlier process left there is taken in by the worker of this one. */
export async function createInbound(deps: InboundDeps): Promise<Inbound> {
  const { db, vault, clock, chance, failed } = deps;
  const idAt = (at: Instant) => newId(at, chance);
  const folder = deps.spoolMaxBytes === 0 ? NO_FOLDER : await openSpoolFolder(deps.spoolPath);
  const spool = await openSpool({
    folder,
    vault,
    maxBytes: deps.spoolMaxBytes,
    newId: idAt,
    failed: (what, error) => failed(`spool_${what}`, error),
  });
  return {
    ...createIntake(deps),
    spool,
    ackWithinMs: deps.ackWithinMs,
    record: (loaded, push, verdict) =>
      keepRecord(db, vault, { id: idAt(clock()), sourceId: loaded.source.id, push, verdict }).catch((error) =>
        failed('recording', error),
      ),
    verifyCaptcha: captchaVerifier(deps.sender, (error) => failed('captcha', error)),
    report: deps.report,
  };
}
