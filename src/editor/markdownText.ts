/** Text of the person's file inside Markdown. Whatever it says, it stays text: no image, no link, no paragraph of its own. */

/** On one line: a blank one would end a span of code or a paragraph, and what follows be Markdown of its own. */
const inline = (text: string): string => text.replace(/[\r\n\v\f\u0085\u2028\u2029]+/g, ' ');
export const code = (text: string): string => `\`${inline(text).replaceAll('`', "'")}\``;
export const escaped = (text: string): string => inline(text).replace(/[\\`*_{}[\]()#+!|<>$~&]/g, '\\$&');
