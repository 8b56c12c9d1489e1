/** Numbers written as functions of e (the smoothing factor) and K (the classes): `1-e+e/K`, `(e/(K-1)+e/K)/2`. */

export interface Known {
  readonly e: number;
  readonly K: number;
}

export function valueOfFormula(text: string, known: Known): number {
  const tokens = text.match(/\d+(?:\.\d+)?|[eK()+\-*/]/g) ?? [];
  let next = 0;

  function factor(): number {
    const token = tokens[next++];
    if (token === '-') return -factor();
    if (token === 'e' || token === 'K') return known[token];
    if (token !== '(') return Number(token);
    const inner = sum();
    if (tokens[next++] !== ')') throw new Error(`${text}: a bracket is not closed`);
    return inner;
  }

  function product(): number {
    let value = factor();
    while (tokens[next] === '*' || tokens[next] === '/') value = tokens[next++] === '*' ? value * factor() : value / factor();
    return value;
  }

  function sum(): number {
    let value = product();
    while (tokens[next] === '+' || tokens[next] === '-') value = tokens[next++] === '+' ? value + product() : value - product();
    return value;
  }

  const value = sum();
  if (next !== tokens.length || !Number.isFinite(value)) throw new Error(`${text} is no formula of e and K`);
  return value;
}
