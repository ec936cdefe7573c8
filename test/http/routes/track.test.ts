import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startService } from '../../helpers/service.ts';

t.test('the script of landing pages: about a kilobyte, cached, for pages of every origin', async (t) => {
  const s = await startService(t);
  const reply = await s.call('GET', '/v1/track.js', { key: null, headers: { origin: 'https://www.example.cn' } });
  t.match(reply, {
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
      etag: /^"[0-9a-f]{32}"$/,
    },
  });
  t.doesNotThrow(() => new Script(reply.text), 'it is a script');
  t.ok(gzipSync(reply.text).length <= 1000, `${gzipSync(reply.text).length} bytes as proxies send it`);
  t.ok(Buffer.byteLength(reply.text) <= 1400, `${Buffer.byteLength(reply.text)} bytes as it is`);
  const etag = String(reply.headers['etag']);
  const again = await s.call('GET', '/v1/track.js', { key: null, headers: { 'if-none-match': etag } });
  t.match(again, { status: 304, text: '' });
  t.equal((await s.call('GET', '/v1/track.js', { key: null, headers: { 'if-none-match': '"x"' } })).status, 200);
});
