// A receiver to begin with: node docs/receiver.mjs whsec_… [port]. It verifies, takes each event once, and prints it.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [secret, port = '9090'] = process.argv.slice(2);
if (secret === undefined) {
  console.error('usage: node docs/receiver.mjs whsec_… [port]');
  process.exit(2);
}
const webhook = new Webhook(secret);
const taken = new Set(); // yours is a unique column: webhook-id

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString(); // the bytes as they came: parse them after they are verified
  try {
    webhook.verify(body, request.headers);
  } catch (error) {
    console.error(`refused: ${error.message}`);
    response.writeHead(401).end();
    return;
  }
  const { type, sequence, data } = JSON.parse(body);
  const id = request.headers['webhook-id'];
  const again = taken.has(id);
  taken.add(id);
  console.log(again ? 'again' : 'new', type, sequence ?? '-', data.lead?.phone ?? '');
  response.writeHead(204).end();
});
server.listen(Number(port), '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
