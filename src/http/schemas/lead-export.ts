import { Type } from 'typebox';
import { leadFilterQuery } from '../lead-filter.ts';

const EXPORT_FORMATS = ['csv', 'xlsx'] as const;
const EXPORT_ENCODINGS = ['utf-8-bom', 'utf-8', 'gb18030', 'utf-16le'] as const;
export type ExportEncoding = (typeof EXPORT_ENCODINGS)[number];

/** What can be asked of an export. */
export const LeadExportQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Unsafe<(typeof EXPORT_FORMATS)[number]>({
        type: 'string',
        enum: [...EXPORT_FORMATS],
        default: 'csv',
        description: '格式.',
      }),
    ),
    encoding: Type.Optional(
      Type.Unsafe<ExportEncoding>({
        type: 'string',
        enum: [...EXPORT_ENCODINGS],
        description:
          '编码, of csv only; `utf-8-bom` unless it is given: `utf-8-bom` opens in Excel and WPS as it is, `utf-16le` has tabs between the cells, the others commas.',
      }),
    ),
    ...leadFilterQuery,
  },
  { additionalProperties: false },
);

const file = (description: string) => ({ schema: Type.String({ description }) });

/** The file. */
export const LeadExportAnswer = {
  description: '文件: a header and a row for each lead.',
  headers: {
    'Content-Disposition': {
      description: 'The name of the file: the day in Shanghai.',
      schema: { type: 'string', examples: ['attachment; filename="leads-20261122.csv"'] },
    },
  },
  content: {
    'text/csv': file('Lines end in CR LF.'),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': file('Every cell is text.'),
  },
};
