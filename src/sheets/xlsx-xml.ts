import { SaxesParser } from 'saxes';
import { damaged, faultOf } from './xlsx-damage.ts';

const MOST_DEPTH = 100; // a sheet of Excel has some 15
const MOST_QUIET = 2 * 1024 * 1024; // characters of one text, tag or comment; a cell of Excel has 32,767 at most

/** What is heard of an XML; names without their prefix. */
export interface XmlHandlers {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close: (name: string) => void;
  readonly text: (text: string) => void;
}

/** Reads an XML as it comes, and pauses after each piece of bytes; no DTD, so no entities; throws SheetError. */
export async function* readXml(
  bytes: AsyncIterable<Uint8Array>,
  part: string,
  handlers: XmlHandlers,
): AsyncGenerator<void> {
  const watch = { quiet: 0, depth: 0 };
  const parser = createParser(part, handlers, watch);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  try {
    for await (const piece of bytes) {
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      const text = decoder.decode(piece, { stream: true });
      watch.quiet += text.length;
      parser.write(text);
      if (watch.quiet > MOST_QUIET) throw damaged(`Its part ${part} has a text of more than ${MOST_QUIET} characters.`);
      yield;
    }
    parser.write(decoder?.decode() ?? '').close();
    yield;
  } catch (error) {
    throw faultOf(error, `Its part ${part}`);
  }
}

/** Reads a whole XML; throws SheetError. */
export async function readWholeXml(
  bytes: AsyncIterable<Uint8Array>,
  part: string,
  handlers: XmlHandlers,
): Promise<void> {
  const pieces = readXml(bytes, part, handlers);
  while (!(await pieces.next()).done);
}

function createParser(
  part: string,
  handlers: XmlHandlers,
  watch: { quiet: number; depth: number },
): SaxesParser<{ xmlns: false }> {
  const parser = new SaxesParser({ xmlns: false, position: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  parser.on('opentag', ({ name, attributes }) => {
    watch.quiet = 0;
    watch.depth += 1;
    if (watch.depth > MOST_DEPTH) throw damaged(`Its part ${part} is nested more than ${MOST_DEPTH} deep.`);
    handlers.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    watch.quiet = 0;
    watch.depth -= 1;
    handlers.close(localName(name));
  });
  parser.on('text', (text) => {
    watch.quiet = 0;
    handlers.text(text);
  });
  parser.on('cdata', (text) => {
    watch.quiet = 0;
    handlers.text(text);
  });
  parser.on('doctype', () => {
    throw damaged(`Its part ${part} has a document type: workbooks never do.`);
  });
  return parser;
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
