/** Events of elements that send postbacks. */
import { type Action, N2OError } from '@n2o/shared';
import { embeddable, escapeScript } from '../text/script.ts';
import { pickle, type Sending, sending } from './postback.ts';

/** The name of an element whose value goes along; or a name with JavaScript of its value, for N2O's runtime only. */
export type Source = string | readonly [name: string, code: string];

export interface EventOptions {
  /** Id of the element. */
  readonly target: string;
  /** DOM name of the event, e.g. `click`. */
  readonly type: string;
  /** What the handler gets; without it the event is only kept from doing what it does by itself. */
  readonly postback?: unknown;
  readonly source?: readonly Source[];
  /** The module that gets it in place of the page's own. */
  readonly delegate?: string | undefined;
  /** JavaScript that runs before it is sent. N2O's runtime only. */
  readonly validation?: string | undefined;
  /** The function of the module that gets it; by default `event`. */
  readonly name?: string;
}

/** Sends a postback, with the values of the sources, at each event of an element. */
export function event(options: EventOptions): Action {
  const {
    target,
    type,
    postback,
    delegate,
    source = [],
    validation = '',
    name = 'event',
  } = options;
  const sent: Sending = { postback, trigger: target, delegate, name };
  const none = postback === undefined;
  return {
    script(renderer) {
      const id = escapeScript(target);
      const named = source.filter((one) => typeof one === 'string');
      const code = none
        ? ''
        : sending(sent, renderer, valuesOf(id, source), named, embeddable(validation));
      return `{var x=qi('${id}'); x && x.addEventListener('${escapeScript(type)}',function (event){ event.preventDefault(); ${code}});};`;
    },
    instructions(renderer) {
      if (validation !== '' || source.some((one) => typeof one !== 'string'))
        throw new N2OError('N2O_PAGE_SCRIPT', `"${target}" has code as source or validation`);
      const binding = { pickle: none ? '' : pickle(sent, renderer), source: source as string[] };
      return [['on', target, type, binding]];
    },
  };
}

/** Defines a function `document.<name>` of the page that sends what it is called with to the module's `apiEvent`. */
export function api(options: { readonly name: string; readonly delegate?: string }): Action {
  const { name, delegate } = options;
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw new N2OError('N2O_PAGE_NAME', `"${name}" cannot be a function`);
  const sent: Sending = { postback: name, trigger: 'document', delegate, name: 'api_event' };
  return {
    script: (renderer) =>
      `document.${name}=function(data){${sending(sent, renderer, 'string(JSON.stringify(data))')}};`,
    instructions: (renderer) => [['api', name, pickle(sent, renderer)]],
  };
}

function valuesOf(id: string, source: readonly Source[]): string {
  const values = source.map((one) => {
    const [name, code] =
      typeof one === 'string'
        ? [one, `querySource('${escapeScript(one)}')`]
        : [one[0], embeddable(one[1])];
    return `,tuple(${nameOf(name)},${code})`;
  });
  return `[tuple(tuple(bin('${id}'),bin('detail')),[])${values.join('')}]`;
}

/** An atom, as N2O's modules look them up; but old browser code writes only plain ones rightly. */
function nameOf(name: string): string {
  const kind = /^[\x20-\x7e]{1,255}$/.test(name) ? 'atom' : 'bin';
  return `${kind}('${escapeScript(name)}')`;
}
