/** All options as people read of them: in the help and in the documentation. */
import { about } from './options/option.ts';
import { ALL_OPTIONS, flagOf, type OptionName, optionsSchema, variableOf } from './options.ts';

/** An option in words. */
export interface Entry {
  readonly name: OptionName;
  /** With a placeholder when it takes a value. */
  readonly flag: string;
  readonly variable: string;
  readonly description: string;
  readonly expects: string;
  readonly byDefault: string;
}

/** In the order of the schema. */
export function catalogue(): readonly Entry[] {
  const { shape } = optionsSchema({ cores: 1, production: false });
  return ALL_OPTIONS.map((name) => {
    const { description = '', expects = '', byDefault, isSwitch } = about.get(shape[name]) ?? {};
    return {
      name,
      flag: `--${flagOf(name)}${isSwitch ? '' : ' VALUE'}`,
      variable: variableOf(name),
      description,
      expects,
      byDefault: byDefault ?? valueText(name, shape[name].safeParse(undefined).data),
    };
  });
}

/** Writes the value of an option for people. */
export function valueText(name: OptionName, value: unknown): string {
  const { shape } = optionsSchema({ cores: 1, production: false });
  const { print, isSecret } = about.get(shape[name]) ?? {};
  if (isSecret && value !== undefined) return '***';
  if (typeof value === 'number' && print) return print(value);
  return (Array.isArray(value) ? value.join(',') : String(value ?? '')) || '-';
}
