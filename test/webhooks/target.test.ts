import t from 'tap';
import type { TargetRules } from '../../src/webhooks/outbound.ts';
import { checkUrl, isAllowedAddress } from '../../src/webhooks/target.ts';

const STRICT: TargetRules = { http: 'refuse', allowed: [] };
const OPEN: TargetRules = { http: 'allow', allowed: [] };

t.test('addresses that may not be connected to', async (t) => {
  const refused: Readonly<Record<string, readonly string[]>> = {
    loopback: ['127.0.0.1', '127.0.0.0', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
    'this network': ['0.0.0.0', '0.1.2.3', '::'],
    private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
    'unique local': ['fc00::1', 'fd12:3456:789a::1', 'fdff:ffff::1'],
    'link-local': ['169.254.0.1', '169.254.255.255', 'fe80::1', 'febf::1', 'fe80::1%eth0'],
    'site-local': ['fec0::1'],
    metadata: [
      '169.254.169.254',
      '168.63.129.16',
      'fd00:ec2::254',
      '100.100.100.200',
      '192.0.0.192',
      'fd20:ce::254',
      '169.254.170.2',
    ],
    CGNAT: ['100.64.0.1', '100.127.255.255'],
    'benchmark and protocol': ['198.18.0.1', '198.19.255.255', '192.0.0.1', '2001:2::1', '2001:2:0:ffff::1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
    'broadcast and reserved': [
      '255.255.255.255',
      '240.0.0.1',
      '254.1.1.1',
      '192.88.99.1',
      '4000::1',
      '5f00::1',
      'e000::1',
    ],
    'v4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '0:0:0:0:0:ffff:a9fe:a9fe', '::ffff:8.8.8.8'],
    'v4-compatible and translated': ['::127.0.0.1', '::7f00:1', '::a00:1', '::ffff:0:127.0.0.1', '::ffff:0:7f00:1'],
    NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1', '64:ff9b:1:ffff::a00:1'],
    '6to4': ['2002:7f00:1::1', '2002:a00:1::', '2002:808:808::1'],
    Teredo: ['2001::1', '2001:0:7f00:1::1'],
    ISATAP: ['2400:3200::5efe:7f00:1', '2400:3200::200:5efe:a00:1'],
    'ORCHID, discard, AS112, AMT': [
      '2001:10::1',
      '2001:20::1',
      '100::1',
      '192.31.196.1',
      '192.52.193.1',
      '2620:4f:8000::1',
    ],
    'no address as the system writes one': [
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '[::1]',
      'localhost',
      '',
      ' 8.8.8.8',
    ],
  };
  for (const [kind, addresses] of Object.entries(refused)) {
    for (const address of addresses) t.notOk(isAllowedAddress(address, STRICT), `${kind}: ${address}`);
  }
});

t.test('addresses that may be connected to', async (t) => {
  const allowed = [
    ...['8.8.8.8', '1.1.1.1', '223.5.5.5', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
    ...['126.255.255.255', '128.0.0.1', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255'],
    ...['168.63.129.15', '198.17.255.255', '223.255.255.255', '2400:3200::1', '2606:4700:4700::1111'],
    ...['2a00:1450:4001:800::200e', '2001:4860:4860::8888', '2620:fe::fe'],
  ];
  for (const address of allowed) t.ok(isAllowedAddress(address, STRICT), address);
});

t.test('networks that the rules allow', async (t) => {
  const within: readonly (readonly [string, string])[] = [
    ['10.1.2.0/24', '10.1.2.3'],
    ['127.0.0.0/8', '127.0.0.1'],
    ['127.0.0.0/8', '::ffff:127.0.0.1'],
    ['127.0.0.0/8', '::ffff:7f00:1'],
    ['0.0.0.0/0', '::ffff:8.8.8.8'],
    ['::ffff:0:0/96', '::ffff:10.0.0.1'],
    ['::1/128', '::1'],
    ['fd00::/8', 'fd12::1'],
    ['64:ff9b::/96', '64:ff9b::808:808'],
    ['169.254.169.254/32', '169.254.169.254'],
    ['168.63.129.16/32', '168.63.129.16'],
  ];
  for (const [network, address] of within) {
    t.ok(
      isAllowedAddress(address, { http: 'refuse', allowed: ['192.168.7.0/24', network] }),
      `${address} in ${network}`,
    );
  }
  const outside: readonly (readonly [string, string])[] = [
    ['10.1.2.0/24', '10.1.3.1'],
    ['10.1.2.0/24', '::ffff:10.1.3.1'],
    ['10.1.2.3/32', '10.1.2.4'],
    ['::1/128', '127.0.0.1'],
    ['127.0.0.0/8', '::1'],
    ['127.0.0.0/8', '::127.0.0.1'],
    ['fd00::/8', 'fe80::1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['10.0.0.0/33', '10.0.0.1'],
    ['10.0.0.0', '10.0.0.0'],
    ['nonsense', '10.0.0.1'],
  ];
  for (const [network, address] of outside) {
    t.notOk(isAllowedAddress(address, { http: 'refuse', allowed: [network] }), `${address} is not in ${network}`);
  }
});

t.test('URLs that name a forbidden address, however it is spelt', async (t) => {
  const hosts = [
    ...['127.0.0.1', '127.0.0.1:8080', '127.0.0.1.', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7F.0.0.1'],
    ...['017700000001', '0177.0.0.1', '0177.0x0.0.1', '127.0.0.0x1', '00000177.0.0.1', '0', '0x0', '0.0.0.0'],
    ...['１２７.0.0.1', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '%31%32%37.0.0.1', '0x7f。1'],
    ...['10.0.0.1', '0xa.1', '167772161', '192.168.1', '0300.0250.1.1', '169.254.169.254', '0xA9FEA9FE', '2852039166'],
    ...['0251.0376.0251.0376', '169.16689662', '168.63.129.16', '100.100.100.200', '255.255.255.255', '224.0.0.251'],
    ...[
      '[::1]',
      '[::1]:443',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::FFFF:A9FE:A9FE]',
    ],
    ...['[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::10.0.0.1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00:ec2::254]'],
    ...['[2001:db8::1]', '[2001::1]', '[ff02::1]', '[100::1]', '[0000:0000:0000:0000:0000:FFFF:7F00:0001]'],
  ];
  for (const host of hosts) {
    for (const scheme of ['https', 'HTTP', 'hTTps']) {
      const text = `${scheme}://${host}/hook?x=1`;
      t.match(checkUrl(text, OPEN), { kind: 'refused', code: 'target_forbidden' }, text);
    }
  }
  t.ok(hosts.length >= 50, `${hosts.length} spellings`);
});

t.test('schemes', async (t) => {
  for (const text of [
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com',
    'javascript:alert(1)',
    'ws://a.b/',
  ]) {
    t.match(checkUrl(text, OPEN), { kind: 'refused', code: 'target_scheme' }, text);
  }
  t.match(checkUrl('http://example.com/', STRICT), { kind: 'refused', code: 'target_scheme', detail: /use https/ });
  t.match(checkUrl('HTTP://example.com/', STRICT), { kind: 'refused', code: 'target_scheme' });
  t.match(checkUrl('http://example.com/', OPEN), { kind: 'ok' });
});

t.test('what is no URL that anybody means', async (t) => {
  const texts = [
    ...[
      '',
      'example.com',
      '/hook',
      'https://',
      'https:///',
      'https://[::1',
      'https://[fe80::1%25eth0]/',
      'https://[::1%lo]/',
    ],
    ...[
      'https://1.2.3.4.5/',
      'https://256.1.1.1/',
      'https://0x100000000/',
      'https://exa mple.com/',
      'https://example.com:99999/',
    ],
    ...[
      ' https://example.com/',
      'https://example.com/\n',
      'https://exam\tple.com/',
      'https:\\\\example.com\\',
      'https://a\u0000b.com/',
    ],
    ...['https://user@example.com/', 'https://user:secret@example.com/', 'https://:secret@example.com/'],
    ...[
      'https://example.com@127.0.0.1/',
      'https://127.0.0.1:80@example.com/',
      'https://example.com/#hook',
      'https://example.com:0/',
    ],
    'https://xn--/',
  ];
  for (const text of texts)
    t.match(checkUrl(text, OPEN), { kind: 'refused', code: 'target_invalid', detail: /\w/ }, JSON.stringify(text));
  t.notMatch(
    JSON.stringify(checkUrl('https://user:secret@example.com/', OPEN)),
    /secret/,
    'and a password is not repeated',
  );
});

t.test('URLs that may be called', async (t) => {
  const good: readonly (readonly [string, string])[] = [
    ['https://example.com/hook', 'example.com'],
    ['HTTPS://Example.COM/Hook?a=b&c=%20', 'example.com'],
    ['https://example.com:8443/', 'example.com'],
    ['https://example.com./', 'example.com.'],
    ['https://api.线索.example/', 'api.xn--vb0az6a.example'],
    ['https://crm.internal/', 'crm.internal'], // a name: what it resolves to is checked then
    ['https://localhost/', 'localhost'],
    ['https://8.8.8.8/', '8.8.8.8'],
    ['https://0x08080808/', '8.8.8.8'],
    ['https://[2606:4700:4700::1111]:8443/', '[2606:4700:4700::1111]'],
  ];
  for (const [text, hostname] of good) {
    const checked = checkUrl(text, STRICT);
    t.match(checked, { kind: 'ok' }, text);
    if (checked.kind === 'ok') t.equal(checked.url.hostname, hostname);
  }
  t.match(checkUrl('https://10.1.2.3/', { http: 'refuse', allowed: ['10.1.0.0/16'] }), { kind: 'ok' });
  t.match(checkUrl('https://10.2.2.3/', { http: 'refuse', allowed: ['10.1.0.0/16'] }), { code: 'target_forbidden' });
});
