/** Calls of N2O's module nitro as what a page is asked. */
import type { Page } from '@n2o/shared';
import * as nitro from '../../src/index.ts';
import { type Term, textOf } from './lines.ts';
import { actionOf, contentOf } from './records.ts';

/** Does to a page what a call of N2O's module does. */
export function perform(page: Page, call: Term): unknown {
  const [name, ...args] = call.t ?? [];
  const [first = {}, second = {}, third = {}] = args;
  const target = textOf(first);
  switch (name?.a) {
    case 'wire':
      for (const one of first.l ?? [first]) wireOne(page, one);
      return undefined;
    case 'redirect':
      return page.redirect(target);
    case 'update':
      return page.update(target, contentOf(second));
    case 'insert_top':
      return page.insertTop(target, contentOf(second));
    case 'insert_bottom':
      return args.length === 3
        ? page.wire(
            nitro.insert({ target: textOf(second), elements: contentOf(third), tag: target }),
          )
        : page.insertBottom(target, contentOf(second));
    case 'insert_before':
      return page.insertBefore(target, contentOf(second));
    case 'insert_after':
      return page.insertAfter(target, contentOf(second));
    case 'insert_adjacent':
      return page.insertBottom(textOf(second), contentOf(third));
    case 'remove':
      return page.remove(target);
    case 'clear':
      return page.wire(nitro.clear(target));
    case 'show':
      return page.wire(nitro.show(target));
    case 'hide':
      return page.wire(nitro.hide(target));
    case 'display':
      return page.wire(nitro.setStyle(target, 'display', textOf(second)));
    case 'style':
      return page.wire(
        args.length === 2
          ? nitro.setAttribute(target, 'style', textOf(second))
          : nitro.setStyle(target, textOf(second), textOf(third)),
      );
    case 'setAttr':
      return page.wire(nitro.setAttribute(target, textOf(second), textOf(third)));
    case 'several':
      page.wire(nitro.hide('a'));
      page.alert('x');
      return page.wire(nitro.show('b'));
    default:
      throw new Error(`there is no call ${name?.a}`);
  }
}

function wireOne(page: Page, term: Term): void {
  page.wire(actionOf(term) ?? textOf(term));
}
