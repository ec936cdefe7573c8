import t from 'tap';
import { linkedinFetch } from '../../src/channels/linkedin-fetch.ts';

const setup = { secrets: [], credentials: { access_token: 'demo-access' }, settings: {} };

t.test('the request', async (t) => {
  const { path, headers } = linkedinFetch.request({ lead_form_response: 'demo-1' }, setup);
  t.match(path, /^\/rest\/leadFormResponses\/demo-1\?fields=/);
  t.strictSame(headers, {
    authorization: 'Bearer demo-access',
    'linkedin-version': '202606',
    'x-restli-protocol-version': '2.0.0',
  });
  const version = (linkedin_version: unknown) =>
    linkedinFetch.request({ lead_form_response: 'a' }, { ...setup, settings: { linkedin_version } }).headers[
      'linkedin-version'
    ];
  t.equal(version('202701'), '202701');
  t.equal(version('2027-01\r\nx: y'), '202606');
});

t.test('a response with its form', async (t) => {
  const text = (questionId: unknown, answer: string) => ({
    questionId,
    answerDetails: { textQuestionAnswer: { answer } },
  });
  const read = linkedinFetch.read(200, {
    id: 'demo-1',
    submittedAt: 1_775_955_600_000,
    testLead: true,
    form: {
      name: '试驾',
      content: {
        questions: [
          { questionId: 1, predefinedField: 'FIRST_NAME' },
          { questionId: 2, predefinedField: 'LAST_NAME' },
          { questionId: 3, predefinedField: 'PHONE_NUMBER', question: { localized: { zh_CN: '电话' } } },
          { questionId: 4, question: 'Which models?' },
        ],
      },
      hiddenFields: [{ name: 'utm_source', value: 'newsletter' }],
    },
    formResponse: {
      answers: [
        text(1, 'Demo'),
        text('2', 'User'),
        text(3, '+8613800138000'),
        { questionId: 4, answerDetails: { multipleChoiceAnswer: { options: ['A', 'B'] } } },
        text(5, 'asked by nobody'),
        { questionId: 6 },
        null,
      ],
    },
  });
  t.strictSame(read, {
    kind: 'lead',
    draft: { test: true },
    record: {
      id: 'demo-1',
      submittedAt: 1_775_955_600_000,
      testLead: true,
      form_name: '试驾',
      answers: [
        { label: 'FIRST_NAME', value: 'Demo', type: 'FIRST_NAME' },
        { label: 'LAST_NAME', value: 'User', type: 'LAST_NAME' },
        { label: '电话', value: '+8613800138000', type: 'PHONE_NUMBER' },
        { label: 'Which models?', value: ['A', 'B'] },
        { label: '5', value: 'asked by nobody' },
        { label: 'utm_source', value: 'newsletter' },
        { label: 'full_name', value: 'Demo User', type: 'full_name' },
      ],
    },
  });
});

t.test('what else the platform may say', async (t) => {
  for (const [status, value, kind] of [
    [404, null, 'gone'],
    [410, null, 'gone'],
    [401, {}, 'unauthorised'],
    [403, {}, 'unauthorised'],
    [429, {}, 'throttled'],
    [500, 'x', 'failed'],
    [200, null, 'failed'],
    [200, { formResponse: {} }, 'failed'],
  ] as const) {
    t.equal(linkedinFetch.read(status, value).kind, kind, String(status));
  }
});
