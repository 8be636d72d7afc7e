/** Elements that show pictures, sound, and other documents. */
import { define } from './define.ts';

export const area = define({
  tag: 'area',
  names: 'alt coords href hreflang media rel shape target type',
  void: true,
});
export const audio = define({
  tag: 'audio',
  names: 'autoplay controls loop mediagroup muted preload src width',
});
export const canvas = define({ tag: 'canvas', names: 'height width' });
export const embed = define({
  tag: 'embed',
  names: 'height src type width',
  void: true,
});
export const map = define({ tag: 'map', names: 'name' });
export const object = define({
  tag: 'object',
  names: 'data form height name type usemap width',
});
export const param = define({ tag: 'param', names: 'name value', void: true });
export const source = define({ tag: 'source', names: 'media type src', void: true });
export const track = define({
  tag: 'track',
  names: 'default kind label src srclang',
  void: true,
});
export const video = define({
  tag: 'video',
  names: 'autoplay controls height loop mediagroup muted poster preload src width',
});
