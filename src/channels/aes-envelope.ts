import { createDecipheriv } from 'node:crypto';
import { textIn } from './charset.ts';
import { sameText } from './digest.ts';

/** What was in an envelope, or one sentence that says why it cannot be opened. */
export type Opened =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly detail: string };

const KEY = /^[A-Za-z0-9]{43}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const RANDOM = 16;
const HEAD = RANDOM + 4; // random bytes, then the length of the message, big-endian
const AES_BLOCK = 16;
const BLOCK = 32; // that the text is padded to: twice the cipher's own, so that its own unpadding refuses

/**
 * Opens the cipher text of 企业微信: AES-256-CBC, the first 16 bytes of the key as vector, PKCS#7 to 32 bytes, and inside 16 random
 * bytes, length, message and the id of the receiver, which has to be ours; developer.work.weixin.qq.com/document/path/90968.
 */
export function decryptEnvelope(encrypt: string, encodingAesKey: string, receiveId: string): Opened {
  if (!KEY.test(encodingAesKey)) return fault('The EncodingAESKey is not 43 letters and digits.');
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const cipherText = BASE64.test(encrypt) ? Buffer.from(encrypt, 'base64') : Buffer.alloc(0);
  if (cipherText.length === 0 || cipherText.length % AES_BLOCK !== 0)
    return fault('The cipher text is not whole blocks in base64.');
  const plain = unpadded(decrypted(cipherText, key));
  if (plain === null || plain.length < HEAD) return fault('The cipher text was not made with this EncodingAESKey.');
  const end = HEAD + plain.readUInt32BE(RANDOM);
  if (end > plain.length) return fault('The length inside the cipher text is wrong.');
  const text = textIn(plain.subarray(HEAD, end), 'utf-8');
  const receiver = textIn(plain.subarray(end), 'utf-8');
  if (text === null || receiver === null) return fault('The message is not valid UTF-8.');
  if (receiveId === '' || !sameText(receiver, receiveId)) return fault('The message is for another receiver.');
  return { kind: 'text', text };
}

function decrypted(cipherText: Uint8Array, key: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, AES_BLOCK));
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(cipherText), decipher.final()]);
}

/** Without its padding of 1 to 32 bytes, each of which is its length; null when it is padded otherwise. */
function unpadded(bytes: Buffer): Buffer | null {
  const pad = bytes.at(-1) ?? 0;
  if (pad < 1 || pad > BLOCK || pad > bytes.length) return null;
  const end = bytes.length - pad;
  return bytes.subarray(end).every((byte) => byte === pad) ? bytes.subarray(0, end) : null;
}

function fault(detail: string): Opened {
  return { kind: 'fault', detail };
}
