// What a person can do without while the form comes up: the tabs behind the first one, the dialogs, the
// core and all that shows a result.

import "./requesttext.js"; // before what has texts in its tables
import "./resulttext.js";
import { initBody } from "./body.js";
import { on as onCore } from "./core.js";
import { keepFocus } from "./dom.js";
import { initExamples } from "./examples.js";
import { initExchange } from "./exchange.js";
import { initFieldErrors } from "./fields.js";
import { keep } from "./keep.js";
import { initLive } from "./live.js";
import { initResponse } from "./response.js";
import { initSend } from "./send.js";
import { initSettings } from "./settings.js";
import { initShare } from "./share.js";
import { initStatus } from "./status.js";
import { initSteps } from "./steps.js";
import { initTLS } from "./tls.js";
import { initWire } from "./wire.js";

onCore("ready", () => { document.body.dataset.core = "ready"; });
addEventListener("pagehide", keep);
keepFocus(document.body);
for (const init of [initStatus, initSettings, initExamples, initShare, initBody, initTLS, initWire, initSteps, initExchange, initResponse, initSend, initFieldErrors, initLive]) init();

export { send, sending } from "./send.js";
