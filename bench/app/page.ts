/** A page: a template with two variables of the visitor's session, which its first visit sets. */
import { createTemplates } from '@n2o/nitro/templates';
import { defineModule } from 'n2o';

const TEXT = `<h1>Hello, {{ name }}</h1>
<p>You are here since {{ since }}.</p>
`;

const { dtl } = createTemplates({ read: (file) => (file === 'page' ? TEXT : undefined) });

export default defineModule({
  async main({ session }) {
    let name = await session.get('name');
    let since = await session.get('since');
    if (name === undefined || since === undefined) {
      [name, since] = ['A. N. Other', new Date().toISOString()];
      await session.set('name', name);
      await session.set('since', since);
    }
    return dtl({ file: 'page', bindings: { name, since } });
  },
});
