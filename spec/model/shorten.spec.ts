import { shorten } from '../../lib/model/shorten.ts';

describe('a text of any length', () => {
  it.each(['', 'short', '1234567890', '😀'.repeat(10)])('stays as it is where it is short enough: %s', (text) => {
    expect(shorten(text, 10)).toBe(text);
  });

  it('is cut in its middle, and keeps more of its beginning', () => {
    expect(shorten('abcdefghijklmnop', 10)).toBe('abcdef…nop');
  });

  it('is counted in characters, and none of them is cut in two', () => {
    expect(shorten('😀'.repeat(11), 10)).toBe(`${'😀'.repeat(6)}…${'😀'.repeat(3)}`);
    expect(shorten(`a${'😀'.repeat(1000)}b`, 10)).toBe(`a${'😀'.repeat(5)}…${'😀'.repeat(2)}b`);
  });

  it('may be very long', () => {
    expect(shorten('x'.repeat(50_000_000), 48)).toBe(`${'x'.repeat(32)}…${'x'.repeat(15)}`);
  });
});
