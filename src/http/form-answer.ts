import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormVerdict } from '../flows/receive-form.ts';
import { FORM_PAGE_POLICY, formPage } from './form-page.ts';
import { senderOf } from './form-sender.ts';
import { type Problem, problem } from './problem.ts';
import { isProblemCode, PROBLEMS, type ProblemCode } from './problem-codes.ts';
import { sendProblem } from './problem-handler.ts';

const THANKS = '感谢您的提交，我们会尽快与您联系。';

/** Answers a form that was received: nothing in it tells who the visitor is to us, or what was decided. */
export function answerReceived(
  request: FastifyRequest,
  reply: FastifyReply,
  redirect: string | null,
  thanks: string | undefined,
): FastifyReply {
  if (senderOf(request) === 'script') return reply.send({ status: 'received' });
  if (redirect !== null) return reply.redirect(redirect, 303);
  return sendPage(reply, 200, '提交成功', thanks ?? THANKS, null);
}

/** Answers a problem: as a document to a script, as a page to a person. */
export function answerRefused(request: FastifyRequest, reply: FastifyReply, found: Problem): FastifyReply {
  if (senderOf(request) === 'script') return sendProblem(request, reply, found);
  request.problem = found;
  const { retryAfterSeconds } = found.details;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)));
  const [title, message] = SAID[found.code] ?? ['暂时无法提交', '请稍后再试。'];
  return sendPage(reply, PROBLEMS[found.code].status, title, message, request.headers.referer ?? null);
}

function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  message: string,
  back: string | null,
): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', FORM_PAGE_POLICY)
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(formPage({ title, message, back }));
}

const CHECK_PHONE = ['请检查手机号', '手机号好像不对，请返回改正后再提交。'] as const;

/** What people are told; every other code is ours to mend. */
const SAID: Readonly<Partial<Record<ProblemCode, readonly [string, string]>>> = {
  phone_empty: ['请填写手机号', '没有手机号我们无法联系您，请返回填写后再提交。'],
  phone_invalid: CHECK_PHONE,
  phone_masked: ['请填写完整的手机号', '手机号中有 *，请返回填写全部 11 位数字。'],
  phone_scientific_notation: CHECK_PHONE,
  phone_relay: CHECK_PHONE,
  phone_not_personal: ['请填写您本人的手机号', '客服电话和短号无法联系到您，请返回改正后再提交。'],
  rate_limited: ['提交太频繁', '请过一分钟再提交。'],
  body_too_large: ['内容太多', '请减少填写的内容，不要附上文件。'],
  unparsable: ['没有收到内容', '请返回重新填写后再提交。'],
  field_not_allowed: ['这个页面设置有误', '请联系网站管理员：表单里有不允许由页面填写的字段。'],
  origin_not_allowed: ['这个页面设置有误', '请联系网站管理员：表单所在的网站没有登记。'],
  not_found: ['表单不存在', '请联系网站管理员：提交地址有误。'],
};

/** The problem that a verdict stands for; null: the form was received. */
export function problemOfForm(verdict: Exclude<FormVerdict, { kind: 'received' }>): Problem {
  switch (verdict.kind) {
    case 'unusable': {
      const code = isProblemCode(verdict.code) ? verdict.code : 'submission_unusable';
      const { title } = PROBLEMS[code];
      const detail = 'It is kept in quarantine all the same.';
      return problem(code, {
        detail,
        hint: verdict.hint,
        errors: [{ path: pointer(verdict.field), code, message: title, hint: verdict.hint }],
      });
    }
    case 'unreadable':
      return problem('unparsable', { detail: 'No fields of a form could be made out; it is kept in quarantine.' });
    case 'not_allowed':
      return problem('field_not_allowed', {
        errors: verdict.fields.map(({ name, hint }) => ({
          path: pointer(name),
          code: 'field_not_allowed',
          message: 'a page may not send it',
          hint,
        })),
      });
    case 'unavailable':
      return problem('database_unavailable');
  }
}

function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`;
}
