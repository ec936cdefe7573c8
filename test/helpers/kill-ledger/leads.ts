const CHANNELS = ['douyin', 'xhs', 'search', 'event', 'shop', 'visit'];
const NEW_PERSONS = 0.65;

/** So many leads, a third of them by people who came before, in another channel and with another need. */
export function ledgerLeads(count: number, chance: () => number): readonly object[] {
  let persons = 0;
  return Array.from({ length: count }, (_, index) => {
    const again = persons > 0 && chance() > NEW_PERSONS;
    const person = again ? Math.floor(chance() * persons) : persons;
    if (!again) persons += 1;
    return {
      channel: CHANNELS[index % CHANNELS.length],
      person: { phone: `137${10_000_000 + person * 7}`, name: `客户${index}` },
      intent: { kind: 'form', need: `想了解第${index}款的价格` },
    };
  });
}
