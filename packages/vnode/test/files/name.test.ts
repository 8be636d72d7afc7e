import { N2OError } from '@n2o/shared';
import { expect, it } from 'vitest';
import { fileName } from '../../src/files/name.ts';

it.each(['a.txt', 'über uns.pdf', '.profile', '日本語', 'a..b', 'console.log', '-rf'])(
  'takes %j',
  (name) => {
    expect(fileName(name)).toBe(name);
  },
);

it('knows the two ways to write a letter for one', () => {
  expect(fileName('u\u0308ber')).toBe('\u00fcber');
});

it.each([
  ['empty', ''],
  ['only spaces', '  '],
  ['the folder itself', '.'],
  ['the folder above', '..'],
  ['nothing but dots', '....'],
  ['a way up', '../a'],
  ['an absolute path', '/a'],
  ['a path of Windows', 'a\\b'],
  ['a drive', 'C:a'],
  ['a NUL', 'a\0.png'],
  ['a line break', 'a\nb'],
  ['half a character', 'a\ud800'],
  ['letters that run backwards', 'a\u202egnp.exe'],
  ['a space at the end', 'a '],
  ['a dot at the end', 'a.'],
  ['a device', 'CON'],
  ['a device with an ending', 'nul.txt'],
  ['more than 255 bytes', 'ü'.repeat(128)],
])('refuses %s', (_, name) => {
  expect(() => fileName(name)).toThrow(expect.objectContaining({ code: 'N2O_FILE_NAME' }));
  expect(() => fileName(name)).toThrow(N2OError);
});
