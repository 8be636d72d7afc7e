/** The attributes of HTML that N2O's elements know, by the names that they have in options. */

/** Names of classes or parts of a style; what is not text is left out. */
export type Words = string | readonly (string | false | null | undefined)[];

type Text = string | number;

/** Every attribute with the values it takes; `true` prints a flag, `false` leaves it out. */
export interface Attributes extends Global, Handlers {
  readonly accept: string;
  readonly acceptCharset: string;
  readonly action: string;
  readonly alt: string;
  readonly async: boolean;
  readonly autocomplete: boolean | string;
  readonly autofocus: boolean;
  readonly autoplay: boolean;
  readonly bgcolor: string;
  readonly border: Text;
  readonly challenge: string;
  readonly charset: string;
  readonly checked: boolean;
  readonly cite: string;
  readonly cols: Text;
  readonly colspan: Text;
  readonly content: string;
  readonly controls: boolean;
  readonly coords: string;
  readonly data: string;
  readonly dataToggle: string;
  readonly datetime: string;
  readonly default: boolean;
  readonly defer: boolean;
  readonly dirname: string;
  readonly disabled: boolean;
  readonly download: string;
  readonly enctype: 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain';
  readonly for: string;
  readonly form: string;
  readonly formaction: string;
  readonly formenctype: string;
  readonly formmethod: string;
  readonly formnovalidate: boolean;
  readonly formnovalue: string;
  readonly formtarget: string;
  readonly headers: string;
  readonly height: Text;
  readonly high: Text;
  readonly href: string;
  readonly hreflang: string;
  readonly httpEquiv: string;
  readonly icon: string;
  readonly ismap: boolean;
  readonly keytype: string;
  readonly kind: 'subtitles' | 'captions' | 'descriptions' | 'chapters' | 'metadata';
  readonly label: string;
  readonly list: string;
  readonly loop: boolean;
  readonly low: Text;
  readonly manifest: string;
  readonly max: Text;
  readonly maxlength: Text;
  readonly media: string;
  readonly mediagroup: string;
  readonly method: 'get' | 'post';
  readonly min: Text;
  readonly multiple: boolean;
  readonly muted: boolean;
  readonly name: string;
  readonly novalidate: boolean;
  readonly open: boolean;
  readonly optimum: Text;
  readonly pattern: string;
  readonly placeholder: string;
  readonly poster: string;
  readonly preload: 'auto' | 'none' | 'metadata';
  readonly radiogroup: string;
  readonly readonly: boolean;
  readonly rel: string;
  readonly required: boolean;
  readonly rows: Text;
  readonly rowspan: Text;
  readonly sandbox: string;
  readonly scope: string;
  readonly scoped: boolean;
  readonly seamless: boolean;
  readonly selected: boolean;
  readonly shape: 'rect' | 'circle' | 'poly' | 'default';
  readonly size: Text;
  readonly sizes: string;
  readonly span: Text;
  readonly src: string;
  readonly srcdoc: string;
  readonly srclang: string;
  readonly step: Text;
  readonly target: string;
  readonly type: string;
  readonly usemap: string;
  readonly value: Text;
  readonly width: Text;
  readonly wrap: 'hard' | 'soft';
}

/** What every element takes. */
export interface Global {
  readonly id: string | number;
  readonly class: Words;
  readonly style: Words;
  readonly title: string;
  readonly role: string;
  readonly tabindex: Text;
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl' | 'auto';
  readonly hidden: boolean;
  readonly accesskey: string;
  readonly contenteditable: boolean;
  readonly contextmenu: string;
  readonly draggable: boolean;
  readonly dropzone: string;
  readonly spellcheck: boolean;
  readonly translate: 'yes' | 'no';
  /** Printed as `data-bind`. */
  readonly bind: string;
}

/** JavaScript of the application: never put together from what a user sent. */
export interface Handlers {
  readonly onchange: string;
  readonly onclick: string;
  readonly onkeydown: string;
  readonly onkeypress: string;
  readonly onkeyup: string;
  readonly onmousemove: string;
  readonly onmouseout: string;
  readonly onmouseover: string;
}

export type AttributeName = keyof Attributes;
