// Text formats made readable without being parsed: every token stays as it came (large numbers,
// repeated keys, broken tails), and only as much is formatted as is shown.

// jsonLines yields the lines of indented JSON, each a list of [kind, text]: key, string, word, mark.
export function* jsonLines(text) {
  let depth = 0;
  let line = [];
  const indent = () => "  ".repeat(Math.min(depth, 40));
  for (const [kind, token, isKey, empty] of jsonTokens(text)) {
    if (kind === "open") {
      line.push(["mark", token]);
      if (empty) continue;
      yield line;
      depth++;
      line = [["mark", indent()]];
    } else if (kind === "close") {
      if (!empty) {
        yield line;
        depth = Math.max(0, depth - 1);
        line = [["mark", indent()]];
      }
      line.push(["mark", token]);
    } else if (kind === "comma") {
      line.push(["mark", ","]);
      yield line;
      line = [["mark", indent()]];
    } else if (kind === "colon") line.push(["mark", ": "]);
    else line.push([isKey ? "key" : kind, token]);
  }
  yield line;
}

const token = /([{[])|([}\]])|(,)|(:)|([^\s{}[\],:"]+)/gy;

// Strings are scanned by hand: one of many megabytes would overflow a regular expression's stack.
function* jsonTokens(text) {
  let openedEmpty = false;
  for (let at = 0; at < text.length; ) {
    const c = text[at];
    if (c === " " || c === "\n" || c === "\r" || c === "\t") {
      at++;
      continue;
    }
    if (c === '"') {
      const end = stringEnd(text, at);
      yield ["string", text.slice(at, end), /^\s*:/.test(text.slice(end, end + 80))];
      at = end;
      openedEmpty = false;
      continue;
    }
    token.lastIndex = at;
    const m = token.exec(text) ?? [c, "", "", "", "", c];
    at += m[0].length;
    if (m[1]) yield ["open", m[1], false, (openedEmpty = /^\s*[}\]]/.test(text.slice(at, at + 80)))];
    else {
      if (m[2]) yield ["close", m[2], false, openedEmpty];
      else yield m[3] ? ["comma", ","] : m[4] ? ["colon", ":"] : ["word", m[5]];
      openedEmpty = false;
    }
  }
}

function stringEnd(text, start) {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

// xmlLines yields indented XML or HTML source, a tag or a text to a line.
export function* xmlLines(text) {
  let depth = 0;
  for (const m of text.matchAll(/<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[^>]*>?|[^<]+/g)) {
    const piece = m[0].trim();
    if (piece === "") continue;
    const closing = piece.startsWith("</");
    if (closing) depth = Math.max(0, depth - 1);
    yield [["mark", "  ".repeat(Math.min(depth, 40))], [piece.startsWith("<") ? "key" : "string", piece]];
    if (piece.startsWith("<") && !closing && !/^<[!?]|\/>$/.test(piece)) depth++;
  }
}

// hexLines yields a classic dump: offset, sixteen bytes, and what of them is ASCII; half as much for a narrow place.
export function* hexLines(bytes, narrow) {
  const [columns, digits] = narrow ? [8, 6] : [16, 8];
  for (let at = 0; at < bytes.length; at += columns) {
    const part = bytes.subarray(at, at + columns);
    const codes = Array.from(part, (b) => b.toString(16).padStart(2, "0")).join(" ").padEnd(3 * columns - 1);
    const ascii = Array.from(part, (b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : "·")).join("");
    yield [["mark", at.toString(16).padStart(digits, "0") + "  "], ["string", codes], ["key", "  " + ascii]];
  }
}

// textParts yields text as it is, in parts that can be drawn: a line may be megabytes long.
export function* textParts(text) {
  const longest = 4096;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = Math.min(newline < 0 ? text.length : newline + 1, at + longest);
    yield [["string", text.slice(at, end)]];
    at = end;
  }
}

// ended puts a line end behind each line.
export function* ended(lines) {
  for (const line of lines) yield [...line, ["mark", "\n"]];
}

// What a preview keeps of a page: words and structure. Built from a list of harmless tags without
// attributes, so that there is nothing left that could run, load or lead away.
const kept = new Set(("a abbr address article aside b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure footer " +
  "h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var").split(" "));
const emptied = /<(script|style|title|textarea|noscript|noembed|noframes|iframe|xmp|template|svg|math|select|object)\b[\s\S]*?(?:<\/\1\s*>|$)/gi;

export function plainPage(html) {
  const words = html.replace(/<!--[\s\S]*?(?:-->|$)/g, "").replace(emptied, "");
  return words.replace(/<(\/?)([a-z][a-z0-9]*)\b(?:"[^"]*"|'[^']*'|[^>"'])*(?:>|$)|<[!?/][^>]*(?:>|$)|</gi,
    (all, slash, name) => (name ? (kept.has(name.toLowerCase()) ? `<${slash}${name.toLowerCase()}>` : " ") : all === "<" ? "&lt;" : ""));
}
