// Every text of the page has an ID; texts of the core have codes, step and field ids of their own. A second
// language is a second table. This one has what the form needs; requesttext.js and resulttext.js add the rest
// a moment later.

const table = {
  "page.about": "Build an authenticated request, see every step of it, send it",
  "loading.label": "Loading the core",

  "examples.button": "Examples",
  "share.button": "Share",
  "link.unreadable": "This link cannot be read.",
  "link.unreadableHint": "It is cut short, or another version of authpad made it. Nothing here has changed.",
  "reload.emptied": "Secrets are never stored, so the reload emptied: {list}.",
  "reload.emptiedHint": "Type them again, or choose an example.",
  "dialog.close": "Close",

  "method.label": "Method",
  "method.other": "Other…",
  "url.label": "URL",
  "url.placeholder": "https://api.example.com/data",
  "send.button": "Send",
  "send.title": "Send the request (Ctrl+Enter)",
  "cancel.button": "Cancel",
  "cancel.title": "Stop waiting for the answer (Esc)",
  "request.region": "Request",
  "request.tabs": "Parts of the request",
  "result.region": "Result",
  "result.tabs": "Parts of the result",
  "tab.auth": "Auth",
  "tab.params": "Params",
  "tab.headers": "Headers",
  "tab.body": "Body",
  "tab.tls": "Sending",
  "tab.wire": "Wire",
  "tab.steps": "Steps",
  "tab.exchange": "Exchange",
  "tab.response": "Response",

  "scheme.label": "Scheme",
  "secret.showField": "Show {label}",
  "secret.hideField": "Hide {label}",
  "secret.showAll": "Show secrets in the result (Alt+S)",
  "secret.hideAll": "Hide secrets in the result (Alt+S)",
  "fields.advanced": "More options ({n})",
  "challenge.help": "Send reads what the server asks for by itself. Where the browser hides it, paste the header lines of the answer here, as “curl -i” prints them.",
  "challenge.placeholder": "WWW-Authenticate: Digest realm=…",
  "fields.file": "Read {label} from a file",
  "field.challenge": "Challenge",

  "pair.name": "Name",
  "pair.value": "Value",
  "pair.nameOf": "Name {n}",
  "pair.valueOf": "Value {n}",
  "pair.remove": "Remove",
  "pair.removeNamed": "Remove {name}",
  "params.table": "Query parameters",
  "params.hint": "Read from the URL and written back into it. What you do not touch keeps every byte.",
  "headers.table": "Header lines",
  "headers.hint": "Sent in this order, repeats included. Paste several lines into a name to add them all.",
  "more.rows": "Show more rows ({n})",

  "body.chooseFile": "File…",

  "ref.section": "{doc} § {section}",
  "ref.named": "{doc}, {section}",

  "settings.button": "Settings",
  "copy.button": "Copy",
  "copy.done": "Copied",
  "copy.failed": "The browser did not allow copying",
};

export const addTexts = (more) => Object.assign(table, more);

export const has = (id) => id in table;

// t is the text of this ID with {names} filled in. An ID without a text shows itself: a test finds it.
export function t(id, values = {}) {
  return (table[id] ?? id).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// Messages of the core begin in lower case and end in nothing: on a page they are sentences. A name
// in front, such as a header's or "http", stays as it is written.
export function sentence(text) {
  if (!text) return "";
  const name = /^\S*[^a-z\s,’“]/.test(text) || text.startsWith("http");
  return (name ? text[0] : text[0].toUpperCase()) + text.slice(1) + (/[.?…]$/.test(text) ? "" : ".");
}

const attributes = { t: null, tTitle: "title", tLabel: "aria-label", tPlaceholder: "placeholder" };

// fillTexts writes the texts that index.html names by ID.
export function fillTexts(root) {
  for (const [key, attribute] of Object.entries(attributes)) {
    const selector = key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
    for (const el of root.querySelectorAll(`[data-${selector}]`)) {
      if (attribute) el.setAttribute(attribute, t(el.dataset[key]));
      else el.textContent = t(el.dataset[key]);
    }
  }
}
