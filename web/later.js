// What a person can do without while the form comes up: the tabs behind the first one, and all that
// shows a result. app.js loads this module after the first paint.

import { initBody } from "./body.js";
import { initExchange } from "./exchange.js";
import { initFieldErrors } from "./fields.js";
import { initLive } from "./live.js";
import { initResponse } from "./response.js";
import { initSend } from "./send.js";
import { initStatus } from "./status.js";
import { initSteps } from "./steps.js";
import { initTLS } from "./tls.js";
import { initWire } from "./wire.js";

for (const init of [initStatus, initBody, initTLS, initWire, initSteps, initExchange, initResponse, initSend, initFieldErrors, initLive]) init();

export { send, sending } from "./send.js";
