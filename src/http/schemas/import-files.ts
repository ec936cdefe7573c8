import { type Static, Type } from 'typebox';
import { codeOf } from './answer-field.ts';
import { ImportProgress } from './import.ts';

const ENCODINGS = ['utf-8-bom', 'utf-8', 'gb18030', 'utf-16le'] as const;

export const ImportErrorsQuery = Type.Object(
  {
    encoding: Type.Optional(
      codeOf(
        ENCODINGS,
        '编码; `utf-8-bom` where it is left out. `utf-16le` has tabs, the others the delimiter of the file.',
      ),
    ),
  },
  { additionalProperties: false },
);
export type ImportErrorsQuery = Static<typeof ImportErrorsQuery>;

/** The errors file. */
export const ImportErrorsAnswer = {
  description: '错误文件.',
  content: { 'text/csv': { schema: Type.String({ description: 'A header, and a row for each refused row.' }) } },
};

/** Events of one import. */
export const ImportEventsAnswer = {
  description: '进度: events `progress` and `done`; the data of each is the progress as JSON.',
  content: { 'text/event-stream': { schema: ImportProgress } },
};
