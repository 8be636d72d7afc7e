/** Actions that are JavaScript: text, or a function of the module that runs in the browser. */
import { type Action, N2OError } from '@n2o/shared';
import { embeddable, literal } from '../text/script.ts';

const EXPRESSION = /^(?:async\b\s*)?(?:function\b|\(|[\w$]+\s*=>)/;
const NAME = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;

/** JavaScript as it is. Only for code that the application itself has written. */
export function script(code: string): Action {
  const text = embeddable(code);
  return { script: () => text, instructions: () => (text === '' ? [] : [['script', text]]) };
}

/**
 * A call, in the browser, of a function that is written here. It takes its source along and nothing
 * else: what it needs from outside comes as an argument, which JSON must be able to write.
 * @throws N2O_PAGE_NAME for a method or a built-in function, N2O_FORMAT_ENCODE
 */
export function run(body: (...args: never[]) => unknown, args: readonly unknown[] = []): Action {
  const source = Function.prototype.toString.call(body);
  if (!EXPRESSION.test(source) || source.includes('[native code]'))
    throw new N2OError(
      'N2O_PAGE_NAME',
      'write it as an arrow function: methods have no source of their own',
    );
  return script(`(${source})(${args.map(literal).join(',')});`);
}

/** A call of a function that the page's own script has registered. @throws N2O_PAGE_NAME, N2O_FORMAT_ENCODE */
export function call(name: string, args: readonly unknown[] = []): Action {
  if (!NAME.test(name)) throw new N2OError('N2O_PAGE_NAME', `"${name}" cannot be called`);
  const code = `${name}(${args.map(literal).join(',')});`;
  return { script: () => code, instructions: () => [['call', name, ...args]] };
}
