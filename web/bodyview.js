// The body of a response in the ways it can be read. Nothing in it is ever run: a page is shown
// as its words and structure in a frame without any permission, an image as an image, and everything
// else as text nodes.

import { copyButton, h } from "./dom.js";
import { ended, hexLines, jsonLines, plainPage, textParts, xmlLines } from "./format.js";
import { t } from "./text.js";
import { byteCount } from "./values.js";

const firstLines = 300;
const moreLines = 2000;
const firstCharacters = 200_000; // a line can be long too

const previewLimit = 1 << 20; // characters of a page

const readers = {
  json: ({ text }) => lines(ended(jsonLines(text()))),
  xml: ({ text }) => lines(ended(xmlLines(text()))),
  source: ({ text }) => lines(ended(xmlLines(text()))),
  text: ({ text }) => lines(textParts(text())),
  hex: ({ bytes }, narrow) => lines(ended(hexLines(bytes, narrow))),
  image: ({ bytes, type }) => h("img", { class: "preview", src: blobURL(bytes, type), alt: t("body.imageAlt") }),
  page: ({ text }) => h("iframe", { class: "preview", sandbox: "", title: t("body.pageTitle"), src: blobURL(plainPage(text().slice(0, previewLimit)), "text/html;charset=utf-8") }),
};

let urls = [];

function blobURL(content, type) {
  const url = URL.createObjectURL(new Blob([content], { type: type || "application/octet-stream" }));
  urls.push(url);
  return url;
}

// release frees what an earlier response was shown with.
export function release() {
  urls.forEach((url) => URL.revokeObjectURL(url));
  urls = [];
}

// bodyOf describes a response's body: bytes, media type, and the text once somebody asks for it.
export function bodyOf(response, bytes) {
  const header = (response.headers ?? []).find(([n]) => n.toLowerCase() === "content-type")?.[1] ?? "";
  const type = header.split(";")[0].trim().toLowerCase();
  let decoded = null;
  return { bytes, type, header, size: response.bodySize ?? bytes.length, kept: bytes.length, ways: waysOf(type, bytes),
    text: () => (decoded ??= decoder(header).decode(bytes)) };
}

// decoder never throws: bytes that are no text become U+FFFD, and hex shows what they were.
function decoder(header) {
  const label = /charset="?([^";\s]+)/i.exec(header)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}

function waysOf(type, bytes) {
  const begins = bytes.length ? String.fromCharCode(...bytes.subarray(0, 64)).trimStart()[0] : "";
  if (/[/+]json$/.test(type) || (type === "text/plain" && (begins === "{" || begins === "["))) return ["json", "text", "hex"];
  if (type === "text/html" || type === "application/xhtml+xml") return ["source", "page", "text", "hex"];
  if (type === "image/svg+xml") return ["image", "xml", "text", "hex"];
  if (/^image\//.test(type)) return ["image", "hex"];
  if (/[/+]xml$/.test(type)) return ["xml", "text", "hex"];
  return isBinary(bytes) ? ["hex", "text"] : ["text", "hex"];
}

const isBinary = (bytes) => bytes.subarray(0, 1024).includes(0);

export const bodyView = (body, way, narrow) => readers[way](body, narrow);

// lines draws a part of what the generator yields and asks for more only when a person does.
function lines(generator) {
  const pre = h("pre", { class: "body-lines", tabindex: "0", "aria-label": t("response.body") });
  const more = h("button", { type: "button", class: "quiet", "data-more": "body", onclick: () => take(moreLines) }, t("more.show"));
  function take(count) {
    const part = document.createDocumentFragment();
    let characters = 0;
    let done = false;
    for (let i = 0; i < count && characters < firstCharacters; i++) {
      const next = generator.next();
      if ((done = next.done)) break;
      characters += next.value.reduce((n, [, text]) => n + text.length, 0);
      part.append(...next.value.map(piece));
    }
    pre.append(part);
    more.hidden = done;
  }
  take(firstLines);
  return h("div", {}, pre, more);
}

const longToken = 20_000;
const piece = ([kind, text]) => {
  const some = text.length > longToken ? text.slice(0, longToken) + "…" : text;
  return kind === "string" ? some : h("span", { class: `t-${kind}` }, some);
};

// tools are the size, copy and download of a body.
export function tools(body, name) {
  return [h("span", { class: "hint", id: "body-size" }, t("response.size", { size: byteCount(body.size), type: body.header || t("response.noType") })),
    body.kept ? copyButton(() => body.text(), t("response.copy")) : null,
    body.kept ? h("button", { type: "button", class: "quiet", id: "download", onclick: () => download(body, name) }, t("response.download")) : null];
}

function download(body, name) {
  const link = h("a", { href: blobURL(body.bytes, "application/octet-stream"), download: name });
  link.click();
}
