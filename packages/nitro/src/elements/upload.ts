/** What sends files: an input, and buttons to pick, start and stop. */
import type { Action, Element } from '@n2o/shared';
import { bind } from '../actions/bind.ts';
import { escapeScript } from '../text/script.ts';
import { button } from './forms.ts';
import { input } from './inputs.ts';
import type { Common } from './options.ts';
import { span } from './text.ts';
import { validation } from './wiring.ts';

/** One of a page: the ids around its input are N2O's own, `ftp_open`, `ftp_start`, `ftp_stop`, `ftp_status`. */
export function upload(
  options: Pick<Common, 'showIf' | 'validation'> & { readonly id?: string | undefined } = {},
): Element {
  return {
    render(renderer) {
      if (options.showIf === false) return '';
      const id = options.id ?? renderer.newId();
      if (options.validation !== undefined) renderer.wire(validation(id, options.validation));
      const around = span({
        id: 'upload',
        actions: sender(id),
        body: [
          input({ id, type: 'file', style: 'display:none' }),
          span({ id: 'ftp_status' }),
          span({
            body: [
              button({ id: 'ftp_open', body: 'Browse' }),
              button({ id: 'ftp_start', body: 'Upload' }),
              button({ id: 'ftp_stop', body: 'Stop' }),
            ],
          }),
        ],
      });
      return around.render(renderer);
    },
  };
}

function sender(id: string): Action {
  const click = { type: 'click' } as const;
  const open = `qi('${escapeScript(id)}').click(); event.preventDefault();`;
  const actions = [
    bind({ ...click, target: 'ftp_open', code: open }),
    bind({ ...click, target: 'ftp_start', code: 'ftp.start(ftp_file);' }),
    bind({ ...click, target: 'ftp_stop', code: 'ftp.stop(ftp_file);' }),
    bind({ type: 'change', target: id, code: 'ftp_file=ftp.init(this.files[0]);' }),
  ];
  return {
    script: (renderer) =>
      `ftp_file=undefined;${actions.map((action) => action.script(renderer)).join('')}`,
    instructions: () => [['upload', id]],
  };
}
