import { type Static, Type } from 'typebox';
import { BehaviourBody, VisitorId } from './behaviour.ts';

const { id, type, occurred_at, page, props } = BehaviourBody.properties;

/** What a page may tell: by the visitor alone, since a stranger must not write what people did whom they name. */
const PageBehaviour = Type.Object(
  { id, type, visitor_id: VisitorId, occurred_at, page, props },
  { additionalProperties: false, title: 'PageBehaviour', description: '落地页行为.' },
);

/** One or some behaviours of a landing page. */
export const PageBehavioursBody = Type.Object(
  {
    events: Type.Array(PageBehaviour, {
      minItems: 1,
      maxItems: 20, // what a page tells between two beacons; so many fit in one
      description: '行为.',
    }),
  },
  { additionalProperties: false, title: 'PageBehaviours' },
);
export type PageBehavioursBody = Static<typeof PageBehavioursBody>;

/** Nothing tells who the visitor is to us, or whether it was there already. */
export const PageBehavioursAnswer = Type.Object(
  { status: Type.Literal('received', { description: '已收到.' }) },
  { title: 'PageBehavioursAnswer' },
);
