import { readdir, readFile } from 'node:fs/promises';
import t from 'tap';
import { checkHeaders } from '../../src/webhooks/custom-headers.ts';
import { createMapper } from '../../src/webhooks/mapping.ts';
import { samplePayload } from '../../src/webhooks/sample-payload.ts';
import { ROOT } from '../helpers/root.ts';

const DOCS = new URL('docs/', ROOT);
const PAYLOADS = new URL('test/fixtures/payloads/', ROOT);

const LEAD = '01970000-0000-7000-8000-00000000000a';
const CUSTOMER = '01970000-0000-7000-8000-00000000000c';
const PHONE = '+8613800138000';

const card = (phone: string, title: string) => {
  const lines = [
    '姓名：张三',
    `电话：${phone}`,
    '渠道：douyin',
    '活动：六月试驾',
    '门店：S1',
    '需求：周末试驾',
    '时间：2026-06-01 10:30',
  ];
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: { template: 'blue', title: { tag: 'plain_text', content: title } },
      elements: [
        {
          tag: 'div',
          fields: lines.map((content) => ({ is_short: true, text: { tag: 'plain_text', content } })),
        },
      ],
    },
  };
};

const markdown = (phone: string, title: string) => ({
  msgtype: 'markdown',
  markdown: {
    content: `**${title}**\n> 姓名：张三\n> 电话：${phone}\n> 渠道：douyin\n> 活动：六月试驾\n> 门店：S1\n> 需求：周末试驾\n> 时间：2026-06-01 10:30`,
  },
});

const REFUSED = { kind: 'failed', code: 'mapping_failed', detail: /^this mapping needs the payload mode full/ };
const mapped = (value: unknown) => ({ kind: 'mapped', value });
const ABOUT = 'Campaign: 六月试驾\nNeed: 周末试驾';

/** What every mapping makes of the sample, and answers of its receiver that say yes and no. */
const MAPPINGS: Readonly<
  Record<string, { full: object; masked: object; yes: readonly unknown[]; no: readonly unknown[] }>
> = {
  'fxiaoke-lead.jsonata': {
    full: mapped({
      data: {
        object_data: {
          dataObjectApiName: 'LeadsObj',
          name: '张三',
          mobile: '13800138000',
          email: 'zhangsan@example.com',
          company: '示例公司',
          job_title: '经理',
          address: '浙江杭州西湖文三路 1 号',
          remark: `渠道：douyin\n活动：六月试驾\n需求：周末试驾\nclew：${LEAD}`,
        },
        details: {},
      },
    }),
    masked: REFUSED,
    yes: [{ errorCode: 0, errorMessage: 'OK', dataId: '64ec36f8' }],
    no: [{ errorCode: 20016, errorMessage: 'corpAccessToken 过期' }, {}, 'busy'],
  },
  'salesforce-lead.jsonata': {
    full: mapped({
      allOrNone: true,
      compositeRequest: [
        {
          method: 'PATCH',
          url: `/services/data/v62.0/sobjects/Lead/Clew_Lead_Id__c/${LEAD}`,
          referenceId: 'lead',
          body: {
            LastName: '张三',
            Company: '示例公司',
            MobilePhone: PHONE,
            Email: 'zhangsan@example.com',
            Title: '经理',
            City: '杭州',
            Street: '西湖 文三路 1 号',
            Rating: 'Warm',
            LeadSource: 'douyin',
            Description: ABOUT,
          },
        },
      ],
    }),
    masked: REFUSED,
    yes: [200, 201, 204].map((httpStatusCode) => ({
      compositeResponse: [{ body: null, httpStatusCode, referenceId: 'lead' }],
    })),
    no: [
      {
        compositeResponse: [
          { body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }], httpStatusCode: 400, referenceId: 'lead' },
        ],
      },
      {},
    ],
  },
  'hubspot-contact.jsonata': {
    full: mapped({
      inputs: [
        {
          idProperty: 'clew_customer_id',
          id: CUSTOMER,
          properties: {
            clew_customer_id: CUSTOMER,
            lastname: '张三',
            phone: PHONE,
            email: 'zhangsan@example.com',
            company: '示例公司',
            jobtitle: '经理',
            state: '浙江',
            city: '杭州',
            address: '西湖 文三路 1 号',
          },
        },
      ],
    }),
    masked: REFUSED,
    yes: [{ status: 'COMPLETE', results: [{ id: '1', new: true }] }],
    no: [
      { status: 'COMPLETE', results: [], numErrors: 1, errors: [{ category: 'CONFLICT' }] },
      { status: 'CANCELED' },
      {},
    ],
  },
  'zoho-lead.jsonata': {
    full: mapped({
      data: [
        {
          Clew_Lead_Id: LEAD,
          Last_Name: '张三',
          Company: '示例公司',
          Mobile: PHONE,
          Email: 'zhangsan@example.com',
          Designation: '经理',
          State: '浙江',
          City: '杭州',
          Street: '西湖 文三路 1 号',
          Lead_Source: 'douyin',
          Description: ABOUT,
        },
      ],
      duplicate_check_fields: ['Clew_Lead_Id'],
      trigger: ['workflow'],
    }),
    masked: REFUSED,
    yes: [{ data: [{ code: 'SUCCESS', action: 'insert', status: 'success' }] }],
    no: [{ data: [{ code: 'MANDATORY_NOT_FOUND', status: 'error' }] }, { code: 'INVALID_TOKEN' }],
  },
  'feishu-robot.jsonata': {
    full: mapped(card(PHONE, '新线索')),
    masked: mapped(card('138****8000', '新线索')),
    yes: [{ code: 0, msg: 'success', data: {} }],
    no: [{ code: 19024, msg: 'Key Words Not Found' }, { code: 9499, msg: 'Bad Request' }, {}],
  },
  'wecom-robot.jsonata': {
    full: mapped(markdown(PHONE, '新线索')),
    masked: mapped(markdown('138＊＊＊＊8000', '新线索')),
    yes: [{ errcode: 0, errmsg: 'ok' }],
    no: [{ errcode: 45009, errmsg: 'api freq out of limit' }, {}],
  },
};

t.test('docs/mappings', async (t) => {
  const text = await readFile(new URL('mappings.md', DOCS), 'utf8');
  const files = (await readdir(new URL('mappings/', DOCS))).sort();
  const mapper = createMapper({ timeLimitMs: 5_000 });
  t.teardown(mapper.close);
  const read = async (name: string) => JSON.parse(await readFile(new URL(name, PAYLOADS), 'utf8'));
  const [full, masked] = [await read('lead.created.json'), await read('lead.created.masked.json')];
  const mapping = (file: string) => readFile(new URL(`mappings/${file}`, DOCS), 'utf8');

  t.test('the sample is shaped as payloads are', async (t) => {
    for (const [mode, payload] of Object.entries({ full, masked })) {
      const at = Date.parse(payload.recorded_at);
      const { test, ...real } = samplePayload({ type: 'lead.created', mode: mode as 'full', id: payload.id, at });
      const { extra, ...fields } = payload.data.submission.fields;
      t.ok(test && extra);
      t.same({ ...payload, data: { ...payload.data, submission: { ...payload.data.submission, fields } } }, real, mode);
    }
  });

  t.test('the page names every file, and no other', async (t) => {
    const named = [...text.matchAll(/\]\(mappings\/([^)]+)\)/g)].map((found) => found[1] ?? '');
    t.same([...new Set(named)].sort(), files);
    t.same(Object.keys(MAPPINGS).sort(), files);
  });

  for (const [file, expected] of Object.entries(MAPPINGS)) {
    t.test(file, async (t) => {
      const expression = await mapping(file);
      t.match(await mapper.evaluate(expression, full), expected.full, 'full');
      t.match(await mapper.evaluate(expression, masked), expected.masked, 'masked');
      if ('value' in expected.full) t.same(await mapper.evaluate(expression, full), expected.full, 'and nothing more');
      const tested = JSON.stringify(await mapper.evaluate(expression, { ...full, test: true }));
      t.match(tested, /【测试】|\[TEST\] /, 'a test is seen to be one');

      const settings = settingsOf(text, file);
      t.equal(checkHeaders(settings.headers ?? {}).kind, 'ok');
      t.equal(settings.payload, expected.masked === REFUSED ? 'full' : 'masked');
      for (const [bodies, value] of [
        [expected.yes, true],
        [expected.no, false],
      ] as const) {
        for (const body of bodies) {
          const judged = await mapper.evaluate(settings.success_when, { status: 200, body });
          t.equal(judged.kind === 'mapped' && judged.value, value, JSON.stringify(body));
        }
      }
    });
  }

  t.test('of a lead of whom only the number is known', async (t) => {
    const person = Object.fromEntries(
      Object.keys(full.data.lead.person).map((name) => [name, name === 'tags' ? [] : null]),
    );
    const lead = { ...full.data.lead, person, first_source: null, last_source: null, store: null, rating: null };
    const bare = { ...full, data: { ...full.data, lead, submission: null, decision: null } };
    for (const file of files) {
      const made = await mapper.evaluate(await mapping(file), bare);
      t.match(made, { kind: 'mapped' }, file);
      const body = JSON.stringify(made);
      t.match(body, /13800138000/, file);
      t.notMatch(body, /null|undefined|""|："/, `${file}: nothing blank is written`);
    }
  });

  t.test('what was typed is no markup in a group', async (t) => {
    const lead = {
      ...full.data.lead,
      person: { ...full.data.lead.person, name: '<@all> [x](http://e.vil)\n# **a** `b`' },
    };
    const typed = { ...full, data: { ...full.data, lead } };
    const wecom = await mapper.evaluate(await mapping('wecom-robot.jsonata'), typed);
    t.match(wecom, { kind: 'mapped' });
    const content: string = wecom.kind === 'mapped' ? (wecom.value as typeof WECOM).markdown.content : '';
    t.equal(content.split('\n')[1], '> 姓名： @all   x (http://e.vil)   ＊＊a＊＊  b ');
    const feishu = JSON.stringify(await mapper.evaluate(await mapping('feishu-robot.jsonata'), typed));
    t.match(feishu, /\{"tag":"plain_text","content":"姓名：<@all>/);
    t.notMatch(feishu, /lark_md|"markdown"/);
  });
});

const WECOM = markdown('', '');

interface Settings {
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload: string;
  readonly success_when: string;
}

/** The settings that the page shows for a mapping. */
function settingsOf(text: string, file: string): Settings {
  const section = text.slice(text.indexOf(`(mappings/${file})`));
  return JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? '') as Settings;
}
