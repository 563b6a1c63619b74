/**
 * Text of a program under test may be of any length.
 */

/** The text, cut in its middle if it has more characters than a limit: both ends of a name tell more than its middle. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const characters = charactersOf(text, limit);
  if (characters.length <= limit) {
    return text;
  }
  const tail = Math.floor((limit - 1) / 3);
  return [...characters.slice(0, limit - 1 - tail), '…', ...characters.slice(-tail)].join('');
}

/** The characters; of a very long text no more of both ends than can be kept: a character is two units at most. */
function charactersOf(text: string, limit: number): readonly string[] {
  const most = 2 * limit;
  return text.length > 2 * most ? [...text.slice(0, most), ...text.slice(-most)] : [...text];
}
