import { type Static, Type } from 'typebox';
import { IMPORT_CLASSES, IMPORT_STATES } from '../../domain/import.ts';
import { DECISIONS } from '../../domain/outcome.ts';
import { pageQuery } from '../query.ts';
import {
  answeredId,
  answeredMoment,
  anything,
  codeOf,
  codes,
  countsOf,
  integerOrNull,
  MaskedField,
  momentOrNull,
  objectOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { ReadingAnswer } from './import-reading.ts';

const CLASSES = Object.keys(IMPORT_CLASSES) as (keyof typeof IMPORT_CLASSES)[];
const MEANINGS = CLASSES.map((name) => `\`${name}\` ${IMPORT_CLASSES[name]}`).join('\n');
const count = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });

export const ImportListQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Array(codeOf(IMPORT_STATES, '状态; may be repeated.'), { maxItems: IMPORT_STATES.length }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const speed = {
  rows_per_second: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: '速度: since it began to be read; null before the first rows.',
    examples: [5200.5],
  }),
  remaining_seconds: integerOrNull('剩余秒数 at that speed; null unless it is running.', 42),
};

const progress = {
  state: codeOf(
    IMPORT_STATES,
    '状态: `previewed` is a dry run that is through and can be run, `failed` a file that was refused (`fault` says why).',
  ),
  rows: Type.Object(
    {
      total: integerOrNull('总行数; null until the file has been read through.', 1000),
      done: count('已处理行数.', 420),
      failed: count('失败行数: refused rows, which the errors file holds.', 3),
    },
    { description: '行数.' },
  ),
  ...speed,
  classes: Type.Object(Object.fromEntries(CLASSES.map((name) => [name, count(IMPORT_CLASSES[name], 3)])), {
    description: '分类: every row is counted once.',
  }),
  decisions: countsOf(DECISIONS, '判定 of the rows; those left out are none.'),
};

/** What a watcher is told again and again. */
export const ImportProgress = Type.Object(progress, { title: 'ImportProgress', description: '进度.' });
export type ImportProgress = Static<typeof ImportProgress>;

const Fault = Type.Object(
  {
    code: Type.String({ description: '原因代码.', examples: ['header_not_found'] }),
    detail: Type.String({ description: 'In a sentence.' }),
    hint: Type.String({ description: 'What to do.' }),
  },
  { description: '失败原因: why the file was refused; null where it was not.' },
);

const Revert = Type.Object(
  {
    row: count('撤销到第几行.', 1000),
    touches: count('触点 that were voided.', 997),
    leads: count('线索 that are gone, since nothing else was in them.', 900),
    kept: count('保留: rows left alone, since their leads were worked meanwhile.', 0),
    force: Type.Boolean({ description: '强制.', examples: [false] }),
    actor: Type.String({ description: '操作者.', examples: ['key:crm'] }),
  },
  { description: '撤销: how far taking it back is; null where it was not begun.' },
);

const answered = {
  id: answeredId('导入 id.'),
  ...progress,
  dry_run: Type.Boolean({ description: '试导: nothing is written.', examples: [false] }),
  mode: codeOf(['live', 'history'], '实时或历史导入.'),
  source_id: answeredId('来源 id.'),
  file: Type.Object(
    {
      name: textOrNull('文件名.', 'leads.csv'),
      bytes: count('大小 in bytes.', 81_920),
      sha256: textOrNull('摘要: SHA-256 of the bytes, in hex.', 'e3b0c44298fc1c149afbf4c8996fb924…'),
    },
    { description: '文件.' },
  ),
  options: anything('选项 as they were given, under these names.', { template: 'douyin-laike', header_row: 2 }),
  reading: objectOrNull(ReadingAnswer),
  fault: objectOrNull(Fault),
  revert: objectOrNull(Revert),
  created_by: Type.String({ description: '创建人.', examples: ['key:crm'] }),
  created_at: answeredMoment('创建时间.'),
  started_at: momentOrNull('开始时间: when the file began to be read.'),
  finished_at: momentOrNull('结束时间.'),
};

export const ImportAnswer = Type.Object(answered, { title: 'Import', description: '导入: a file of leads.' });
export type ImportAnswer = Static<typeof ImportAnswer>;
export const ImportPageAnswer = pageAnswer(ImportAnswer, 'ImportPage');

const outcome = {
  row: count('行号 as a spreadsheet numbers it.', 2),
  class: Type.Unsafe<keyof typeof IMPORT_CLASSES>({
    type: 'string',
    enum: CLASSES,
    description: `分类.\n${MEANINGS}`,
    examples: ['new'],
  }),
  decision: codeOf(DECISIONS, '判定.'),
  code: textOrNull('原因代码 of a refused row.', 'phone_invalid'),
  column: textOrNull('列: header of the column at fault.', '手机号'),
  hint: textOrNull('What to do.', 'Check the digits; none is ever guessed.'),
  warnings: codes('提示.', 'channel_unknown'),
};

export const ImportDetail = Type.Object(
  {
    ...answered,
    masked: MaskedField,
    preview: Type.Unsafe<readonly object[] | null>({
      type: ['array', 'null'],
      items: Type.Object(
        {
          ...outcome,
          owner: Type.Optional(textOrNull('顾问代码: whose the lead would be.', 'A1')),
          draft: anything('留资 as it would be judged.', { person: { phone: '138****8000' } }),
        },
        { title: 'ImportPreviewRow' },
      ),
      description: '预览: the first 20 rows of a dry run as they are mapped; null where there is none.',
      examples: [null],
    }),
  },
  { title: 'ImportDetail' },
);
export type ImportDetail = Static<typeof ImportDetail>;

const RESULTS = [...new Set(['failed', ...CLASSES, ...DECISIONS])];

export const ImportRowsQuery = Type.Object(
  {
    result: Type.Optional(
      Type.Unsafe<'failed' | (typeof CLASSES)[number] | (typeof DECISIONS)[number]>({
        type: 'string',
        enum: RESULTS,
        description: '结果: `failed` for every refused row, a class, or a decision; every row where it is left out.',
        examples: ['failed'],
      }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const ImportRow = Type.Object(
  {
    ...outcome,
    original_decision: Type.Unsafe<(typeof DECISIONS)[number] | null>({
      type: ['string', 'null'],
      description: '原判定: of a replay, what the first one came to.',
      examples: [null],
    }),
    value: textOrNull('值 of the column at fault, of a refused row; masked as the answer says.', '*******8000'),
    submission_id: textOrNull('留资 id; null in a dry run.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    lead_id: textOrNull(
      '线索 id; null where there is none, or where a dry run would make it.',
      '0197a3c2-5d10-7abc-8def-0123456789ab',
    ),
    customer_id: textOrNull('客户 id.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
  },
  { title: 'ImportRow', description: '行: what became of one row.' },
);
export type ImportRow = Static<typeof ImportRow>;

export const ImportRowsAnswer = Type.Object(
  { masked: MaskedField, ...pageAnswer(ImportRow, '').properties },
  { title: 'ImportRowPage' },
);
