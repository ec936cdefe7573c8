import { readFile, writeFile } from 'node:fs/promises';
import { type Command, CommandError } from './command.ts';

export const openapiCommand: Command = {
  name: 'openapi',
  summary: 'Print the OpenAPI document that the routes make.',
  positionals: [],
  flags: {
    write: { description: 'Write it to openapi/openapi.json.' },
    check: { description: 'Fail when openapi/openapi.json is not what the routes say.' },
  },
  run: async (given, io) => {
    // Loaded here: the routes and all they need take longer to load than most commands take to run.
    const { openapiDocument } = await import('./openapi-document.ts');
    const text = await openapiDocument(io);
    const file = new URL('openapi/openapi.json', io.root);
    if (given.flags['write'] === true) await writeFile(file, text);
    else if (given.flags['check'] !== true) io.stdout(text);
    else if ((await readFile(file, 'utf8').catch(() => null)) !== text) {
      throw new CommandError(1, 'openapi/openapi.json is not what the routes say: run clew openapi --write');
    }
    return 0;
  },
};
