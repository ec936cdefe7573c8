import { createHmac } from 'node:crypto';
import t from 'tap';
import { createSealer } from '../src/sealer.ts';
import { createVault } from '../src/vault.ts';

const sealer = createSealer(Buffer.alloc(32, 1), [], Buffer.alloc(12, 1));
const identityKey = Buffer.alloc(32, 9);

t.test('text is sealed in base64 and opened again', async (t) => {
  const vault = createVault(sealer, identityKey, 'all');
  const sealed = vault.sealText('+8613800138000');
  t.match(sealed, /^[A-Za-z0-9+/]+=*$/);
  t.notMatch(Buffer.from(sealed, 'base64').toString('latin1'), /13800138000/);
  t.equal(vault.openText(sealed), '+8613800138000');
  t.equal(vault.atRest, 'all');
});

t.test('a token is the HMAC-SHA256 under the identity key, whatever the secret key', async (t) => {
  const vault = createVault(sealer, identityKey, 'raw');
  const other = createVault(createSealer(Buffer.alloc(32, 2), [], Buffer.alloc(12, 1)), identityKey, 'raw');
  const token = vault.token('phone::+8613800138000');
  t.equal(token, createHmac('sha256', identityKey).update('phone::+8613800138000').digest('hex'));
  t.equal(other.token('phone::+8613800138000'), token);
  t.not(createVault(sealer, Buffer.alloc(32, 8), 'raw').token('phone::+8613800138000'), token);
});
