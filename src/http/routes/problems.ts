import { Type } from 'typebox';
import type { Routes } from '../deps.ts';
import { problem } from '../problem.ts';
import { isProblemCode, PROBLEMS } from '../problem-codes.ts';

const Explanation = Type.Object(
  {
    code: Type.String({ examples: ['phone_invalid'] }),
    status: Type.Integer({ examples: [422] }),
    title: Type.String(),
    hint: Type.String(),
  },
  { title: 'ProblemKind' },
);

/** GET /problems and /problems/:code: what the `type` of a problem document points to. */
export const problemRoutes: Routes = (app) => {
  app.get('/problems', {
    schema: {
      tags: ['reference'],
      summary: 'Every problem code',
      response: { 200: Type.Object({ items: Type.Array(Explanation) }) },
    },
    handler: async () => ({ items: Object.entries(PROBLEMS).map(([code, kind]) => ({ code, ...kind })) }),
  });
  app.get('/problems/:code', {
    schema: {
      tags: ['reference'],
      summary: 'What one problem code stands for',
      params: Type.Object({ code: Type.String({ examples: ['phone_invalid'] }) }),
      response: { 200: Explanation },
    },
    handler: async ({ params: { code } }) => {
      if (!isProblemCode(code)) throw problem('not_found');
      return { code, ...PROBLEMS[code] };
    },
  });
};
