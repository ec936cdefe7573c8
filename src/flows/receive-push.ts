import ipaddr from 'ipaddr.js';
import type { Acknowledged, Authenticity, Push, Reply, Setup } from '../channels/channel.ts';
import { inTime } from './in-time.ts';
import { type IngestDeps, type Ingested, ingestPush, type PushedBy } from './ingest-push.ts';
import { type LoadedSource, setupOf } from './source-book.ts';
import type { Spool } from './spool.ts';

/** What taking pushes needs of the process. */
export interface ReceiveDeps extends IngestDeps {
  readonly spool: Spool;
  readonly ackWithinMs: number; // a push that is not committed by then is spooled and acknowledged
  readonly record: (loaded: LoadedSource, push: Push, verdict: string) => Promise<void>;
  readonly report: (line: PushReport) => void;
}

/** The wide line of one push; nothing of its content is in it. */
export interface PushReport {
  readonly source: string;
  readonly kind: string;
  readonly as: Acknowledged | 'handshake' | 'handshake_failed';
  readonly code: string | null; // why it was refused, kept aside or spooled
  readonly milliseconds: number;
  readonly decisions: Readonly<Record<string, number>>;
}

/** Where a push came from. */
export interface Sender {
  readonly ip: string;
  readonly requestId: string | null;
}

interface Verdict {
  readonly as: PushReport['as'];
  readonly code: string | null;
  readonly reply: Reply;
  readonly decisions: PushReport['decisions'];
}

/** Takes one push of a platform: handshake, authenticity, then the one way in; answers what this platform needs back. */
export async function receivePush(deps: ReceiveDeps, loaded: LoadedSource, push: Push, sender: Sender): Promise<Reply> {
  const began = deps.clock();
  const verdict = await judge(deps, loaded, push, sender, setupOf(loaded, began));
  deps.report({
    source: loaded.source.id,
    kind: loaded.source.kind,
    as: verdict.as,
    code: verdict.code,
    milliseconds: deps.clock() - began,
    decisions: verdict.decisions,
  });
  if (loaded.recording) await recordInTime(deps, loaded, push, verdict.code ?? verdict.as);
  return verdict.reply;
}

/** Records a push; one that cannot be written yet is written while its sender has its answer. */
export async function recordInTime(
  deps: Pick<ReceiveDeps, 'record' | 'ackWithinMs'>,
  loaded: LoadedSource,
  push: Push,
  verdict: string,
): Promise<void> {
  await inTime(deps.record(loaded, push, verdict), deps.ackWithinMs, undefined);
}

async function judge(
  deps: ReceiveDeps,
  loaded: LoadedSource,
  push: Push,
  sender: Sender,
  setup: Setup,
): Promise<Verdict> {
  const { channel } = loaded;
  const answer = (as: Acknowledged, code: string | null, decisions: PushReport['decisions'] = {}): Verdict => ({
    as,
    code,
    reply: channel.acknowledge(as, setup),
    decisions,
  });
  if (!isAllowed(loaded.source.settings.allow_ips, sender.ip)) return answer('unauthenticated', 'ip_not_allowed');
  const shake = channel.handshake(push, setup);
  if (shake !== null) {
    const as = shake.passed ? 'handshake' : 'handshake_failed';
    return { as, code: null, reply: shake.reply, decisions: {} };
  }
  const authenticity: Authenticity = channel.authenticate(push, setup);
  if (authenticity.kind === 'refused') return answer('unauthenticated', authenticity.code);
  const kept = await keepPush(deps, loaded, push, { requestId: sender.requestId, refusal: null });
  return answer(kept.as, kept.code, kept.decisions);
}

/** Ingests a push, or spools it where that does not come off in time, or will not by what those before it wait. */
export async function keepPush(
  deps: Pick<ReceiveDeps, 'spool' | 'ackWithinMs'> & IngestDeps,
  loaded: LoadedSource,
  push: Push,
  from: PushedBy,
): Promise<Ingested> {
  const entry = { sourceId: loaded.source.id, push, ...from };
  if (isBehind(deps) && (await inTime(deps.spool.keep(entry), deps.ackWithinMs, 'late')) === 'kept') return SPOOLED;
  const work = ingestPush(deps, loaded, push, from);
  const ingested = await inTime(
    work.catch(() => null),
    deps.ackWithinMs,
    null,
  );
  if (ingested !== null) return ingested;
  // What is under way goes on, and whichever is done first is answered: what both bring in is a replay of one another.
  const kept = deps.spool.keep(entry, work);
  const spooled = kept.then((as) => (as === 'kept' ? SPOOLED : work.catch(() => unavailable(as))));
  return Promise.race([spooled, work.catch(() => spooled)]);
}

/** Those next in line have waited for half of the time: one more behind them would be late, and make the next ones later. */
function isBehind({ capture, ackWithinMs }: Pick<ReceiveDeps, 'capture' | 'ackWithinMs'>): boolean {
  return capture.lagMs() * 2 > ackWithinMs;
}

const SPOOLED: Ingested = Object.freeze({ as: 'accepted', code: 'spooled', decisions: Object.freeze({}) });

function unavailable(code: string): Ingested {
  return { as: 'unavailable', code, decisions: {} };
}

/** Whether an address is one of those that a source takes pushes from; none named: all are. */
function isAllowed(networks: readonly string[] | undefined, ip: string): boolean {
  if (networks === undefined || networks.length === 0) return true;
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip); // an IPv4 address in an IPv6 one is that IPv4 address
  return networks.some((network) => {
    const [range, bits] = network.includes('/') ? ipaddr.parseCIDR(network) : single(network);
    return address.kind() === range.kind() && address.match(range, bits);
  });
}

function single(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
