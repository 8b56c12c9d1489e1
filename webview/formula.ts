/** TeX as MathML, within the page's policy. */
import temml from 'temml';

/** MathML for TeX; the TeX itself as text where it cannot be typeset. */
export function typeset(tex: string): Element {
  const template = document.createElement('template');
  // temml writes a few style attributes, which the page's policy refuses: the classes beside them are styled in view.css.
  template.innerHTML = temml
    .renderToString(tex, { displayMode: false, throwOnError: false, annotate: false })
    .replace(/ style="[^"]*"/g, '');
  const math = template.content.firstElementChild;
  if (math?.localName === 'math' && template.content.querySelector('merror') === null) return document.importNode(math, true);
  const text = document.createElement('code');
  text.textContent = tex;
  return text;
}
