/** Records of N2O's elements and actions as calls of ours. */
import type { Action, Content, Element } from '@n2o/shared';
import type { Target } from '../../src/index.ts';
import * as nitro from '../../src/index.ts';
import { optionValueOf, type Term, textOf } from './lines.ts';

type Build = (options: Record<string, unknown>) => Element;

/** Fields whose names are others here, beside those that are only written in another case. */
const RENAMED: Readonly<Record<string, string>> = {
  modify_pos: 'pos',
  modify_feed: 'feed',
  modify_module: 'delegate',
  modify_default: 'default',
};

/** The element of a record, without the fields that are named. */
export function elementOf(record: Term, without: ReadonlySet<string> = new Set()): Element {
  const name = camel(record.r ?? '');
  const build = Reflect.get(nitro, name) as Build | undefined;
  if (build === undefined) throw new Error(`there is no element ${name}`);
  const options: Record<string, unknown> = {};
  for (const [field, term] of Object.entries(record.v ?? {})) {
    if (without.has(field) || (field === 'delegate' && record.r === 'comboLookupModify')) continue;
    const value = optionOf(field, term, record.r ?? '');
    if (value !== undefined) options[RENAMED[field] ?? camel(field)] = value;
    if (field === 'values' && record.r === 'comboLookupGroup') options.values = [value];
    if (field === 'input' && term.r !== undefined && term.v?.id !== undefined)
      options.inputId = textOf(term.v.id);
  }
  return build(options);
}

/** Whatever a body may hold. */
export function contentOf(term: Term): Content {
  if (term.r !== undefined) return elementOf(term);
  if (term.l === undefined) return optionValueOf(term) as Content;
  return term.l.some(({ i }) => i !== undefined) ? textOf(term) : term.l.map(contentOf);
}

function optionOf(field: string, term: Term, record: string): unknown {
  if (term.l?.length === 0 && field !== 'options' && field !== 'values') return undefined;
  switch (field) {
    case 'update':
      return record === 'comboLookup' ? textOf(term) : term;
    case 'postback':
      return term;
    case 'method':
      return textOf(term) === 'post' ? 'post' : undefined;
    case 'bind':
    case 'id':
    case 'delegate':
      return textOf(term);
    case 'closeable':
      return term.a === 'true';
    case 'hidden':
      return textOf(term) === 'hidden';
    case 'source':
      return (term.l ?? []).map((one) => (one.t ? one.t.map(textOf) : textOf(one)));
    case 'data_fields':
    case 'aria_states':
      return Object.fromEntries((term.l ?? []).map(({ t = [] }) => t.map(optionValueOf)));
    case 'class':
      return term.l === undefined ? textOf(term) : term.l.map(textOf);
    case 'actions':
      return (term.l ?? []).map((one): Action | undefined => actionOf(one));
    case 'options':
      return (term.l ?? []).map(({ v = {} }) =>
        Object.fromEntries(Object.entries(v).map(([key, one]) => [camel(key), optionValueOf(one)])),
      );
    case 'values':
      return term.s === undefined ? optionValueOf(term) : [...term.s];
    case 'minDate':
      return term.t?.map(optionValueOf);
    case 'maxDate':
      return term.t?.map(optionValueOf) ?? null;
    case 'value':
      if (record === 'calendar') return term.t?.map(optionValueOf) ?? null;
      return optionValueOf(term);
    case 'reader':
    case 'nested':
    case 'numbered':
      return optionValueOf(term);
    default:
      return term.r !== undefined || term.l !== undefined ? contentOf(term) : optionValueOf(term);
  }
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The action of a record; `undefined` where it is text. */
export function actionOf(term: Term): Action | undefined {
  const fields = term.v ?? {};
  const text = (name: string) => (fields[name] ? textOf(fields[name]) : undefined);
  const target = targetOf(fields.target ?? {});
  const plain = text('target') ?? '';
  const delegate = text('delegate');
  const some = delegate === undefined ? {} : { delegate };
  const { postback, right, method, args, property, source } = fields;
  switch (term.r) {
    case 'alert':
      return nitro.alert({ text: text('text') ?? '' });
    case 'confirm':
      return nitro.confirm({ text: text('text') ?? '', postback, ...some });
    case 'event':
      if (source?.a === 'undefined') return nitro.wire();
      return nitro.event({
        target: plain,
        type: text('type') ?? 'default',
        postback,
        source: (source?.l ?? []).map((one) =>
          one.t ? [textOf(one.t[0] as Term), textOf(one.t[1] as Term)] : textOf(one),
        ),
        validation: text('validation'),
        ...some,
      });
    case 'bind':
      return nitro.bind({
        target,
        type: text('type') ?? 'click',
        code: text('postback') ?? '',
        source: text('source') ?? 'handler',
      });
    case 'jq':
      return nitro.jq({
        target: args?.a === 'simple' ? { g: plain } : target,
        ...(property ? { property: textOf(property) } : {}),
        ...(method ? { method: (method.l ?? []).map(textOf) } : {}),
        ...(right ? { right: right.r ? actionOf(right) : contentOf(right) } : {}),
        args: (args?.l ?? []).map(fields.format ? quoted : textOf),
      });
    case 'replace':
      return nitro.replace({ target: plain, elements: contentOf(fields.elements ?? {}) });
    case 'insert':
      return nitro.insert({ target: plain, elements: contentOf(fields.elements ?? {}) });
    case 'multi':
      return nitro.multi({ actions: all(fields.actions) });
    case 'wire':
      return nitro.wire(...all(fields.actions));
    case 'focus':
      return nitro.focus({ target: plain });
    case 'api':
      return nitro.api({ name: text('name') ?? '', ...some });
    default:
      return undefined;
  }
}

function all(term: Term = {}): (Action | string)[] {
  return (term.l ?? [term]).map((one) => actionOf(one) ?? textOf(one));
}

function quoted(term: Term): string {
  return `'${textOf(term)}'`;
}

function targetOf(term: Term): Target {
  const [kind, value, path] = term.t ?? [];
  switch (kind?.a) {
    case 'qs':
      return { qs: textOf(value as Term) };
    case 'qa':
      return { qa: textOf(value as Term) };
    case 'g':
      return { g: textOf(value as Term) };
    case 'ps':
      return { ps: targetOf(value as Term) as string, path: textOf(path as Term) };
    default:
      return textOf(term);
  }
}
