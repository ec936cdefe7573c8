import { Type } from 'typebox';
import { CANONICAL_FIELDS } from '../../channels/canonical-field.ts';
import { codeOf, codes, textOrNull } from './answer-field.ts';

const count = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });

const Column = Type.Object(
  {
    index: count('列序 from 0.', 0),
    letter: Type.String({ description: '列标 as a spreadsheet names it.', examples: ['A'] }),
    header: Type.String({ description: '表头 as typed.', examples: ['手机号'] }),
    key: Type.String({
      description: 'Unique in the file: a repeated header has a number behind it.',
      examples: ['手机号'],
    }),
    field: textOrNull(
      `字段 that it fills, or stands beside: one of ${CANONICAL_FIELDS.length} of the canonical body.`,
      'person.phone',
    ),
    use: codeOf(
      ['mapped', 'second', 'extra', 'ignored'],
      '用途: it fills the field; it fills in where the first column of the field is blank, or stands beside it; it is kept under `extra`; it is not read (the columns of an errors file).',
    ),
    how: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      enum: ['rule', 'exact', 'contains', 'weak', null],
      description: '依据: a rule of a map, or how well the header fits a word of the vocabulary; null where no field.',
      examples: ['exact'],
    }),
  },
  { title: 'ImportColumn' },
);

/** What was found in a file. */
export const ReadingAnswer = Type.Object(
  {
    format: codeOf(['csv', 'xlsx'], '格式.'),
    encoding: textOrNull('编码 of csv.', 'gb18030'),
    delimiter: textOrNull('分隔符 of csv.', ','),
    sheet: textOrNull('工作表 of xlsx that is read.', '报名'),
    sheets: codes('工作表 of xlsx, all of them.', '报名'),
    header_row: count('表头行号.', 1),
    columns: Type.Array(Column, { description: '列, in their order.' }),
    skipped: Type.Object(
      {
        before_header: count('标题行 above the header.', 1),
        blank: count('空行.', 0),
        repeated_header: count('重复的表头.', 0),
        total: count('合计行.', 1),
      },
      { description: '跳过: lines that are no rows.' },
    ),
    warnings: codes(
      '提示: `ambiguous:FIELD` (several columns for a field), `unmapped:HEADER` (kept under extra), `repeated_header:HEADER`, `no_phone_column`.',
      'unmapped:车牌意向',
    ),
  },
  { title: 'ImportReading', description: '识别结果: what was found in the file; null until it has been read.' },
);
