/** The status window. All that it shows comes from the main process; see `app/shared/view/view.ts`. */
// oxlint-disable-next-line import/no-unassigned-import -- the bundler puts it beside the page
import "./style.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { bridgeOf } from "./bridge.ts";
import { keepFocus } from "./focus.ts";

const root = document.getElementById("page");
const bridge = bridgeOf(window);
if (root !== null && bridge !== undefined) {
  keepFocus(root);
  render(<App bridge={bridge} />, root);
} else if (root !== null) {
  // Opened as a file by a browser: nothing here could work.
  root.textContent = "This page belongs to Pilot Light and works only inside it.";
}
