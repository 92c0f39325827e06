import { useState } from "preact/hooks";
import { type ById, lookUp, withEntry } from "../../shared/data/by-id.ts";
import { byNeed } from "../../shared/login/need.ts";
import type { Login } from "../../shared/login/snapshot.ts";
import type { Page } from "../page.ts";
import { Row } from "./row.tsx";
import { walkRows } from "./walk.ts";

interface RowsProps {
  readonly logins: readonly Login[];
  readonly page: Page;
}

/** What a person did to a row. */
interface Toggled {
  readonly open: boolean;
  /** For which showing of the login that was (ms): a later one opens it again. */
  readonly since: number | null;
}

/** A row for each login, those that need someone first. What is open is kept here and nowhere else. */
export function Rows({ logins, page }: RowsProps) {
  const [toggled, setToggled] = useState<ById<Toggled>>({});
  const { shownLogin } = page.view;
  const shownAt = (id: string) => (shownLogin?.id === id ? shownLogin.at : null);
  const isOpen = (id: string) => {
    const [own, at] = [lookUp(toggled, id), shownAt(id)];
    if (at !== null && at !== own?.since) return true;
    return own?.open ?? logins.length === 1;
  };
  const toggle = (id: string, open: boolean) =>
    setToggled((before) => withEntry(before, id, { open, since: shownAt(id) }));
  const manyProviders = new Set(logins.map(({ provider }) => provider)).size > 1;
  const half = Math.ceil(logins.length / 2);
  return (
    <ul class={logins.length === 1 ? "rows" : "rows several"} aria-label="Logins" onKeyDown={walkRows}>
      {byNeed(logins, page.now).map((login, place) => (
        <li key={login.id} class={place === half ? "second" : ""}>
          <Row
            login={login}
            page={page}
            place={place}
            manyProviders={manyProviders}
            isOpen={isOpen(login.id)}
            onToggle={(open) => toggle(login.id, open)}
          />
        </li>
      ))}
    </ul>
  );
}
