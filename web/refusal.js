// What a result panel says while there is no request to show: what to mend and where, or what is awaited.

import { state } from "./core.js";
import { fieldButton, h, icon, refLink } from "./dom.js";
import { focusField, labelOf, messageOf } from "./fields.js";
import { lastError } from "./live.js";
import { t } from "./text.js";

// refusal says why a request cannot be built or was not sent, and leads to the field that is to blame.
export function refusal(error, heading = "wire.refused") {
  return h("div", { class: "callout error refusal", "data-key": "refusal", "data-code": error.code }, icon("error"),
    h("div", {}, h("p", {}, h("strong", {}, t(heading)), " ", messageOf(error)),
      h("p", { class: "hint" }, h("code", {}, error.code), " ", error.field ? fieldButton(error.field, t("goto.field", { label: labelOf(error.field) }), focusField) : null, " ", refLink(error.ref))));
}

// unbuilt is all of a panel that has never had a request.
export function unbuilt() {
  if (lastError()) return refusal(lastError());
  return h("p", { class: "empty" }, t(state.core === "crashed" ? "wire.noCore" : "loading.wire"));
}
