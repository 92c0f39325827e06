import { ALL } from "../../shared/data/all.ts";
import { lookUp } from "../../shared/data/by-id.ts";
import { visible } from "../../shared/words/visible.ts";
import { SETTINGS } from "../../shared/words/window/settings.ts";
import type { Page } from "../page.ts";
import { Field } from "./controls.tsx";

interface NamesProps {
  readonly page: Page;
}

/** A label of one's own for each login. */
export function Names({ page: { view, act } }: NamesProps) {
  const logins = view.snapshot?.accounts ?? [];
  return (
    <div class="group">
      <h3>{SETTINGS.names}</h3>
      {logins.length === 0 && <p class="quiet">{SETTINGS.noLogins}</p>}
      {logins.map(({ id, label }) => {
        const own = lookUp(view.names, id);
        return (
          <Field
            key={id}
            label={visible(id)}
            value={own ?? ""}
            placeholder={own === undefined ? visible(label) : ""}
            maxLength={100}
            onEnter={(text) =>
              act(ALL, (bridge) => bridge.changeSettings({ key: "names", login: id, value: text === "" ? null : text }))
            }
          />
        );
      })}
    </div>
  );
}
