/** A page: a template with two variables out of the visitor's session, which the first visit begins. */
import { createTemplates } from '@n2o/nitro/templates';
import { defineModule } from 'n2o';

const TEXT = '<h1>Hello, {{ name }}</h1>\n<p>You are here since {{ since }}.</p>\n';

const { dtl } = createTemplates({ read: (file) => (file === 'page' ? TEXT : undefined) });

interface Visitor {
  readonly name: string;
  readonly since: string;
}

export default defineModule({
  async main({ session }) {
    let visitor = await session.get<Visitor>('visitor');
    if (visitor === undefined) {
      visitor = { name: 'A. N. Other', since: new Date().toISOString() };
      await session.set('visitor', visitor);
    }
    return dtl({ file: 'page', bindings: { ...visitor } });
  },
  event(message, { page }) {
    if (message === 'init') page.update('state', 'connected');
  },
});
