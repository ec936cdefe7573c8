import { type Static, type TSchema, Type } from 'typebox';
import { codeOf } from './answer-field.ts';

const { Optional } = Type;
const text = (maxLength: number, description: string, example: string) =>
  Optional(Type.String({ minLength: 1, maxLength, description, examples: [example] }));

const IMPORT_ENCODINGS = ['utf-8', 'gb18030', 'gbk', 'utf-16le', 'utf-16be'] as const;

/** How a file is to be read and what counts for its rows: in the query, or as fields of a multipart body. */
const options = {
  source: text(
    100,
    '来源: id or name; the one of the key where it is left out. Another one needs the scope ops.',
    '车展',
  ),
  channel: text(64, '渠道代码 of rows that name none.', 'event'),
  campaign_id: text(200, '活动 id of rows that name none.', 'c-2026-06'),
  campaign_name: text(200, '活动名称 of rows that name none.', '六月车展'),
  store: text(64, '门店代码 of rows that name none: one of the key, or with the scope ops any.', 'S1'),
  field_map: Optional(
    Type.Unsafe<string | Readonly<Record<string, unknown>>>({
      type: ['string', 'object'],
      maxLength: 65_536,
      description: '字段映射 as JSON: goes before that of the template and of the source, field by field.',
      examples: ['{"fields":{"person.phone":{"label":"手机"}}}'],
    }),
  ),
  template: text(64, '模板: name of a map that is saved with the source, or of a preset.', 'douyin-laike'),
  region: Optional(
    Type.String({
      pattern: '^[A-Z]{2}$',
      description: '国家 of phones without a country code, ISO 3166; CLEW_DEFAULT_REGION where it is left out.',
      examples: ['CN'],
    }),
  ),
  encoding: Optional(codeOf(IMPORT_ENCODINGS, '编码 of a CSV file; found out where it is left out.')),
  delimiter: text(3, '分隔符 of a CSV file, one character or `tab`; found out where it is left out.', ';'),
  sheet: text(
    100,
    '工作表 of an XLSX file: its name, or its number from 1; else the first one that holds anything.',
    '报名',
  ),
  header_row: Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: '表头行号 as a spreadsheet numbers it; found out where it is left out.',
      examples: [2],
    }),
  ),
  dry_run: Optional(
    Type.Boolean({ default: false, description: '试导: judge every row as a real run would, and write nothing.' }),
  ),
  mode: Optional(
    Type.Unsafe<'live' | 'history'>({
      type: 'string',
      enum: ['live', 'history'],
      default: 'live',
      description: '历史导入: `history` (scope ops) loads old data: judged and kept, but no delivery, owner or task.',
    }),
  ),
  file_name: text(255, '文件名; of a multipart body that of its file part.', 'leads.csv'),
};

export const ImportQuery = Type.Object(options, { additionalProperties: false });
export type ImportQuery = Static<typeof ImportQuery>;

const bytes = (description: string): TSchema => Type.Unsafe<string>({ type: 'string', format: 'binary', description });

/** A multipart body as the reference tells of it. */
const ImportForm = Type.Object(
  {
    file: bytes('文件: CSV or XLSX; the part may have any name.'),
    ...options,
    options: Optional(
      Type.String({ description: '选项: all options as one JSON object, instead of fields of their own.' }),
    ),
  },
  { title: 'ImportUpload', additionalProperties: false },
);

/** Media types of a body that is the file itself. */
export const FILE_TYPES = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/octet-stream',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;

/** The body of an upload as the reference tells of it; it is read as a stream. */
export const ImportBody = {
  content: Object.fromEntries([
    ['multipart/form-data', { schema: ImportForm as TSchema }],
    ...FILE_TYPES.map((type) => [type, { schema: bytes('文件.') }]),
  ]) as Record<string, { schema: TSchema }>,
};
