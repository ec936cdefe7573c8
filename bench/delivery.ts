import { benchClaim } from './delivery-claim.ts';
import { benchDrain } from './delivery-drain.ts';
import { benchFair } from './delivery-fair.ts';
import { benchLatency } from './delivery-latency.ts';
import type { Finding } from './delivery-numbers.ts';
import { openReceiver, type Receiver } from './delivery-receiving.ts';
import { benchRivals } from './delivery-rivals.ts';
import { COUNTING } from './delivery-statements.ts';
import { openStage, type Stage } from './stage.ts';

type Part = (stage: Stage, receiver: Receiver) => Promise<Finding>;

const PARTS: Readonly<Record<string, Part>> = {
  latency: benchLatency,
  drain: benchDrain,
  rivals: benchRivals,
  fair: benchFair,
  claim: benchClaim,
};

/** Measures the way out: all parts, or those named behind `delivery`. */
export async function benchDelivery(): Promise<void> {
  const named = process.argv.slice(3);
  const unknown = named.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    process.stderr.write(`usage: npm run bench -- delivery [${Object.keys(PARTS).join('|')}]…\n`);
    process.exitCode = 2;
    return;
  }
  const stage = await openStage(COUNTING);
  const receiver = await openReceiver();
  try {
    const findings: Record<string, Finding> = {};
    for (const [name, part] of Object.entries(PARTS)) {
      if (named.length > 0 && !named.includes(name)) continue;
      findings[name] = await part(stage, receiver);
    }
    report(await stage.facts(), findings);
  } finally {
    receiver.stop();
    await stage.close();
  }
}

function report(facts: string, findings: Readonly<Record<string, Finding>>): void {
  const parts = Object.values(findings);
  const figures = Object.fromEntries(Object.entries(findings).map(([name, finding]) => [name, finding.figures]));
  const lines = [
    facts,
    '',
    ...parts.flatMap(({ ratios }) => ratios),
    ...parts.flatMap((finding) => ['', ...finding.lines]),
    '',
    JSON.stringify({ facts, figures }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
