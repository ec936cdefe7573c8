import t from 'tap';
import { readWholeXml } from '../../src/sheets/xlsx-xml.ts';
import { faultOf } from './read-sheet.ts';

async function heard(xml: string | Uint8Array, piece = 3): Promise<readonly string[]> {
  const events: string[] = [];
  const whole = Buffer.from(xml);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
  }
  await readWholeXml(bytes(), 'part.xml', {
    open: (name, attributes) => events.push(`<${name}${Object.keys(attributes).map((key) => ` ${key}`)}`),
    text: (text) => events.push(text),
    close: (name) => events.push(`>${name}`),
  });
  return events;
}

t.test('an XML is heard piece by piece, names without prefix', async (t) => {
  const xml = '<?xml version="1.0"?><!-- no --><x:a xmlns:x="x" b="1"><c/>手机&#x53F7; &amp;<![CDATA[<d>]]></x:a>';
  t.strictSame(await heard(xml), ['<a xmlns:x, b', '<c', '>c', '手机号 &', '<d>', '>a']);
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<a>手</a>', 'utf16le')]);
  t.strictSame(await heard(little), ['<a', '手', '>a'], 'UTF-16 too');
  t.strictSame(await heard(Buffer.from(little).swap16()), ['<a', '手', '>a'], 'of both orders');
  t.strictSame(await heard('\ufeff<a/>'), ['<a', '>a']);
});

t.test('what is no XML, or more than an XML of a workbook, is damaged', async (t) => {
  const damages: Readonly<Record<string, string | Uint8Array>> = {
    nothing: '',
    text: 'no XML',
    open: '<a><b></b>',
    crossed: '<a><b></a></b>',
    'cut in a character': Buffer.from('<a>手</a>').subarray(0, 4),
    'no UTF-8': Buffer.from('3c613efffe3c2f613e', 'hex'),
    'a forbidden character': '<a>&#1;</a>',
    'half a character': '<a>&#xD800;</a>',
    'a document type': '<!DOCTYPE a><a/>',
    'an entity': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    'an outer entity': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    'an entity of nobody': '<a>&b;</a>',
    deep: '<a>'.repeat(101) + '</a>'.repeat(101),
  };
  for (const [name, xml] of Object.entries(damages)) {
    t.equal((await faultOf(heard(xml))).code, 'file_damaged', name);
  }
  t.equal((await heard('<a>'.repeat(100) + '</a>'.repeat(100))).length, 200);
});

t.test('nothing in it is endless', async (t) => {
  const long = 'x'.repeat(2 * 1024 * 1024 + 16_384);
  for (const xml of [`<a>${long}`, `<a ${long}`, `<a b="${long}`, `<${long}`, `<!-- ${long}`, `<!DOCTYPE ${long}`]) {
    const fault = await faultOf(heard(xml, 16_384));
    t.match([fault.code, fault.message], ['file_damaged', 'more than 2097152 characters'], xml.slice(0, 9));
  }
});
