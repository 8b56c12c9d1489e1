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
  if (math?.localName === 'math' && template.content.querySelector('merror') === null) return tightened(document.importNode(math, true));
  const text = document.createElement('code');
  text.textContent = tex;
  return text;
}

/** In an index TeX leaves no room around signs; MathML does, and a formula in a side bar has none to spare. */
function tightened(math: Element): Element {
  for (const sign of math.querySelectorAll('msub > :nth-child(2) mo, munder > :nth-child(2) mo')) {
    sign.setAttribute('lspace', '0');
    sign.setAttribute('rspace', '0');
  }
  return math;
}
