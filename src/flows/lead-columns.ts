import { dialledPhone } from '../domain/dialled-phone.ts';
import type { Instant } from '../domain/instant.ts';
import { type KnownLead, type LeadRecord, leadRecord } from '../domain/lead-record.ts';
import { maskPhone } from '../domain/mask.ts';
import { maskHandle } from '../domain/masking.ts';
import { type Sight, seen } from '../domain/sight.ts';
import type { LeadExtras, WonAmount } from '../store/lead-export.ts';

/** One exported lead, before it is made into cells. */
interface Exported {
  readonly known: KnownLead;
  readonly record: LeadRecord; // as the sight shows it
  readonly phone: string | null;
  readonly wechat: string | null;
  readonly won: readonly WonAmount[];
}

/** A column of the export; the cell is null where nothing is known. */
export interface LeadColumn {
  readonly header: string;
  readonly about: string;
  readonly cell: (lead: Exported) => string | null;
}

/** What cells are made with; `region` is ISO 3166 alpha-2: its phones are written as they are dialled there. */
export interface CellRules {
  readonly sight: Sight;
  readonly region: string;
}

const column = (header: string, about: string, cell: LeadColumn['cell']): LeadColumn => ({ header, about, cell });

/** The columns, in order: a new one is put behind them, none is renamed or moved. An import reads those that it has a field for. */
export const LEAD_COLUMNS: readonly LeadColumn[] = [
  column('线索ID', 'id of the lead', ({ record }) => record.id),
  column('手机号', 'phone as it is dialled here, another country’s with its code', ({ phone }) => phone),
  column('姓名', 'name', ({ record }) => record.person.name),
  column('性别', 'gender', ({ record }) => record.person.gender),
  column('微信号', 'WeChat id, the oldest one', ({ wechat }) => wechat),
  column('邮箱', 'e-mail', ({ record }) => record.person.email),
  column('公司', 'company', ({ record }) => record.person.company),
  column('职务', 'job title', ({ record }) => record.person.job_title),
  column('省份', 'province', ({ record }) => record.person.province),
  column('城市', 'city', ({ record }) => record.person.city),
  column('区县', 'district', ({ record }) => record.person.district),
  column('线索状态', 'state', ({ record }) => record.state),
  column('状态原因', 'why it is lost, dormant or invalid', ({ record }) => record.reason),
  column('意向评级', 'rating', ({ record }) => record.rating),
  column('门店代码', 'store', ({ record }) => record.store),
  column('顾问代码', 'adviser who owns it', ({ record }) => record.owner),
  column('渠道', 'channel of the first source', ({ record }) => record.first_source?.channel ?? null),
  column('最近渠道', 'channel of the last source', ({ record }) => record.last_source?.channel ?? null),
  column('活动ID', 'campaign id of the first source', ({ record }) => record.first_source?.campaign_id ?? null),
  column('活动名称', 'campaign name of the first source', ({ record }) => record.first_source?.campaign_name ?? null),
  column('触点数', 'touches', ({ record }) => String(record.touch_count)),
  column('轮次', 'cycle', ({ record }) => String(record.cycle)),
  column('创建时间', 'when the touch that made it happened', ({ known }) => wallTime(known.lead.createdAt)),
  column('更新时间', 'when it last changed', ({ known }) => wallTime(known.lead.updatedAt)),
  column('成交金额', 'won, refunds taken off, in whole units such as 元', ({ won }) => each(won, inWholeUnits)),
  column('币种', 'currency of that', ({ won }) => each(won, ({ currency }) => currency)),
];

/** The cells of a page of leads in the order of the columns, '' where nothing is known. */
export function leadCells(
  page: readonly KnownLead[],
  extras: LeadExtras,
  { sight, region }: CellRules,
): readonly (readonly string[])[] {
  return page.map((known) => {
    const { lead, root } = known;
    const phone = sight.kind === 'full' && lead.phone !== null ? dialledPhone(lead.phone, region) : lead.phone;
    const exported: Exported = {
      known,
      record: leadRecord(known, sight),
      phone: seen(sight, phone, maskPhone),
      wechat: seen(sight, extras.wechat.get(root) ?? null, maskHandle),
      won: extras.won.get(lead.id) ?? [],
    };
    return LEAD_COLUMNS.map(({ cell }) => cell(exported) ?? '');
  });
}

const SHANGHAI_MS = 8 * 3_600_000; // since 1991 without summer time

/** A moment as the clock on a wall in Shanghai shows it: `2026-06-01 12:30:00`. */
export function wallTime(at: Instant): string {
  return new Date(at + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Amounts of several currencies stand side by side, in the same order as their currencies. */
function each(won: readonly WonAmount[], text: (amount: WonAmount) => string): string | null {
  return won.length === 0 ? null : won.map(text).join(' / ');
}

function inWholeUnits({ amount, currency }: WonAmount): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return (amount / 10 ** digits).toFixed(digits);
}
