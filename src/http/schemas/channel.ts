import { type Static, Type } from 'typebox';
import { TOUCH_KINDS } from '../../domain/submission.ts';
import { answeredMoment, codeOf } from './answer-field.ts';

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: '渠道名称.', examples: ['抖音'] }),
  default_kind: codeOf(TOUCH_KINDS, '默认触点类型 of submissions that state none.'),
};

/** The path of a channel. */
export const ChannelParams = Type.Object({
  code: Type.String({ description: '渠道代码: 1 to 64 of a–z, 0–9, _ and -.', examples: ['douyin'] }),
});

export const ChannelBody = Type.Object(fields, { additionalProperties: false, title: 'ChannelChange' });

export const ChannelAnswer = Type.Object(
  {
    code: Type.String({ description: '渠道代码.', examples: ['douyin'] }),
    ...fields,
    updated_at: answeredMoment('修改时间.'),
  },
  { title: 'Channel', description: '渠道: a row of the dictionary that rating and attribution count by.' },
);
export type ChannelAnswer = Static<typeof ChannelAnswer>;

export const ChannelListAnswer = Type.Object({ items: Type.Array(ChannelAnswer) }, { title: 'ChannelList' });
