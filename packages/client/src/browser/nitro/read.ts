/** Instructions as a server wrote them, checked before anything is done. */
import { type Binding, type Instruction, N2OError } from '@n2o/shared';

/** How many texts follow the name of an instruction, at least. */
const TEXTS: Readonly<Record<Instruction[0], number>> = {
  update: 2,
  fill: 2,
  top: 2,
  bottom: 2,
  before: 2,
  after: 2,
  remove: 1,
  on: 2,
  api: 2,
  set: 2,
  attribute: 2,
  class: 2,
  style: 3,
  focus: 1,
  redirect: 1,
  alert: 1,
  confirm: 1,
  upload: 1,
  call: 1,
  script: 1,
};

/**
 * Reads what may be a list of instructions, or JSON of one.
 *
 * @returns an error, and nothing of it, when one of them is not well formed
 */
export function instructionsOf(value: unknown): readonly Instruction[] | N2OError {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(list)) return malformed('instructions', 'are no list');
  for (const one of list) {
    if (!Array.isArray(one)) return malformed('an instruction', 'is no list');
    const name: unknown = one[0];
    if (typeof name !== 'string' || !Object.hasOwn(TEXTS, name)) {
      return malformed('an instruction', `"${String(name)}" is unknown`);
    }
    const count = TEXTS[name as Instruction[0]];
    const texts = one.slice(1, 1 + count);
    if (texts.length < count || texts.some((text) => typeof text !== 'string')) {
      return malformed(name, 'wants other texts');
    }
  }
  return list as readonly Instruction[];
}

/** Fills in what a binding leaves out, and leaves out what is not as it should be. */
export function bindingOf(value: unknown): Binding {
  const { pickle, source, confirm, delay, key, passive } = (value ?? {}) as Partial<Binding>;
  return {
    pickle: typeof pickle === 'string' ? pickle : '',
    source: Array.isArray(source) ? source.map(String) : [],
    ...(typeof confirm === 'string' && { confirm }),
    ...(typeof delay === 'number' && { delay }),
    ...(typeof key === 'string' && { key }),
    passive: passive === true,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(what: string, fault: string): N2OError {
  return new N2OError('N2O_FORMAT_DECODE', `${what}: ${fault}`);
}
