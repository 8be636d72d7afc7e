/** A protocol by which devices log in: `LOGIN,<token>` is answered with a session of the token's user. */
import { type Answer, type Context, ErrorFrame, type Message, reply, unknown } from 'n2o';

const LOGIN = 'LOGIN,';

export default async ({ value }: Message, { services }: Context): Promise<Answer> => {
  if (typeof value !== 'string' || !value.startsWith(LOGIN)) return unknown;
  const user = await services.auth.userOf(value.slice(LOGIN.length));
  if (!user) return reply(new ErrorFrame('N2O_SESSION_NONE', 'nobody has such a token'), 'json');
  const { sid, token } = await services.sessions.authenticate('');
  await services.sessions.variables(sid).set('user', user.name);
  return reply({ user: user.name, token }, 'json');
};
