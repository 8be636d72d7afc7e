/** The values of elements, as they go along with a postback. */
import { tuple } from '@n2o/shared';

/**
 * The value of the element with this id, or of the radio buttons with this name: text for what is
 * written or chosen, a boolean for a checkbox, a list where several can be chosen, `{Y, M, D}` for a
 * date; empty text where there is none, or nothing is chosen. Files do not go this way.
 */
export function sourceValue(name: string): unknown {
  const element = document.getElementById(name);
  if (!element) return chosen(document, `input[name="${CSS.escape(name)}"]:checked`);
  if (element instanceof HTMLInputElement) return inputValue(element);
  if (element instanceof HTMLSelectElement && element.multiple) {
    return Array.from(element.selectedOptions, ({ value }) => value);
  }
  if (element instanceof HTMLElement && element.isContentEditable) return element.innerHTML;
  if (element instanceof HTMLFieldSetElement) return chosen(element, 'input:checked');
  return 'value' in element ? String(element.value) : (element.textContent ?? '');
}

function inputValue(input: HTMLInputElement): unknown {
  switch (input.type) {
    case 'checkbox':
      return input.checked;
    case 'radio':
      return input.checked ? input.value : '';
    case 'date': {
      const [year, month, day] = input.value.split('-').map(Number);
      return year && month && day ? tuple(year, month, day) : '';
    }
    case 'file':
      return '';
    default:
      return input.value;
  }
}

function chosen(within: ParentNode, selector: string): string {
  return within.querySelector<HTMLInputElement>(selector)?.value ?? '';
}
