import { formatInstant } from '../../domain/instant.ts';
import { setChannel } from '../../flows/set-channel.ts';
import { type Channel, findChannel, listChannels } from '../../store/channels.ts';
import { actOf } from '../act.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { ChannelAnswer, ChannelBody, ChannelListAnswer, ChannelParams } from '../schemas/channel.ts';

/** /v1/channels: the dictionary of channels. */
export const channelRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/channels', {
    schema: {
      tags: ['configuration'],
      summary: '渠道: all channels',
      description: 'By code. A submission may name a code that is not here: it is kept, with a warning.',
      response: { 200: ChannelListAnswer },
    },
    config: { scope: 'ops' },
    handler: async () => ({ items: (await listChannels(db)).map(channelAnswer) }),
  });

  app.get('/v1/channels/:code', {
    schema: {
      tags: ['configuration'],
      summary: '渠道: one channel',
      params: ChannelParams,
      response: { 200: ChannelAnswer },
    },
    config: { scope: 'ops' },
    handler: async ({ params: { code } }) => {
      const channel = await findChannel(db, code);
      if (channel === null) throw problem('not_found');
      return channelAnswer(channel);
    },
  });

  app.put('/v1/channels/:code', {
    schema: {
      tags: ['configuration'],
      summary: '渠道设置: add or change a channel',
      description: 'Counts for submissions from now on; touches that are there keep their kind.',
      params: ChannelParams,
      body: ChannelBody,
      response: { 200: ChannelAnswer, 201: ChannelAnswer },
    },
    config: { scope: 'ops', idempotent: true },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { name, default_kind: defaultKind } = request.body;
        const { channel, made } = await setChannel(tx, actOf(request, deps), { ...request.params, name, defaultKind });
        return { status: made ? 201 : 200, body: channelAnswer(channel) };
      }),
  });
};

function channelAnswer({ code, name, defaultKind, updatedAt }: Channel): ChannelAnswer {
  return { code, name, default_kind: defaultKind, updated_at: formatInstant(updatedAt) };
}
