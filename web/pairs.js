// A table of names and values: query parameters, header lines, form fields. There is always one
// empty row at the end to type into; thousands of rows are drawn a part at a time.

import { h, icon, patch, setValue } from "./dom.js";
import { t } from "./text.js";

const part = 100;

// pairTable draws rows() into root and calls edit(index, 0 for the name or 1 for the value, text)
// as a person types, add(pairs) for a new row or pasted lines, remove(index) for a row taken out.
export function pairTable(root, { field, rows, edit, add, remove, names = [] }) {
  let limit = part;
  const list = names.length ? h("datalist", { id: `${field}-names` }, names.map((n) => h("option", { value: n }))) : null;
  const body = h("div", { class: "pairs", role: "table", "aria-label": t(`${field}.table`) });
  const more = h("button", { type: "button", class: "quiet", onclick: () => { limit += 10 * part; draw(); } });
  root.append(body, ...(list ? [list] : []), more);

  function draw() {
    const all = rows();
    const shown = all.slice(0, limit);
    const ghost = all.length <= limit ? [["", ""]] : [];
    patch(body, head(), [...shown, ...ghost].map((pair, i) => row(pair, i, i >= all.length)));
    // What is being typed may be ahead of its own echo, never behind it.
    for (const input of body.querySelectorAll("input")) {
      const pair = all[input.dataset.row];
      if (input !== document.activeElement) setValue(input, pair?.[input.dataset.column] ?? "");
    }
    more.hidden = all.length <= limit;
    more.textContent = t("more.rows", { n: all.length - shown.length });
  }

  const head = () => h("div", { class: "pair head", role: "row" },
    h("span", { role: "columnheader" }, t("pair.name")), h("span", { role: "columnheader" }, t("pair.value")), h("span", { role: "columnheader", class: "vh" }, t("pair.remove")));

  function row(pair, i, ghost) {
    return h("div", { class: "pair", role: "row", "data-row": i },
      cell(pair, i, 0), cell(pair, i, 1),
      h("span", { role: "cell" }, ghost ? null : h("button", { type: "button", class: "quiet icon", title: t("pair.remove"), "aria-label": t("pair.removeNamed", { name: pair[0] || i + 1 }),
        onclick: () => { remove(i); focusCell(i, 0); } }, icon("close"))),
      h("p", { class: "field-error", id: `error-${field}.${i}`, "data-error-for": `${field}.${i}` }));
  }

  function cell(pair, i, column) {
    return h("span", { role: "cell" }, h("input", {
      class: "wire-type", value: pair[column], spellcheck: "false", autocapitalize: "off", autocomplete: "off",
      name: `${field}.${i}.${column ? "value" : "name"}`, "data-row": i, "data-column": column, "data-field": `${field}.${i}.${column ? "value" : "name"}`,
      "aria-label": t(column ? "pair.valueOf" : "pair.nameOf", { n: i + 1 }), list: column === 0 && list ? list.id : null,
      "aria-describedby": `error-${field}.${i}`,
      oninput: (e) => typedInto(i, column, e.target.value), onpaste: (e) => paste(e, i, column), onkeydown: (e) => enter(e, i, column) }));
  }

  function typedInto(i, column, text) {
    if (i < rows().length) {
      edit(i, column, text);
      if (column) return; // a name is said elsewhere in its row, a value is not
    } else add([column ? ["", text] : [text, ""]]);
    draw();
  }

  // Header lines copied from elsewhere become rows.
  function paste(event, i, column) {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).filter((l) => l !== "");
    if (column || lines.length < 2 || !lines.every((l) => l.includes(":") || l.includes("="))) return;
    event.preventDefault();
    add(lines.map((l) => { const at = l.search(/[:=]/); return [l.slice(0, at), l.slice(at + 1).trim()]; }));
    draw();
  }

  // Enter goes on to the next cell instead of sending.
  function enter(event, i, column) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focusCell(column ? i + 1 : i, column ? 0 : 1);
  }

  const focusCell = (i, column) => body.querySelector(`input[data-row="${i}"][data-column="${column}"]`)?.focus();

  draw();
  return draw;
}
