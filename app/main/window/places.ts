/** Opens what the window names. A page says which place and what to do; the path is known here alone. */
import { UserError } from "../../shared/data/errors.ts";
import { ACTS_OF, type Place, type PlaceAct, pathOf } from "../../shared/view/places.ts";
import type { View } from "../../shared/view/view.ts";
import { placeMissing, placeNotOpened } from "../../shared/words/window/settings.ts";
import { stillStarting } from "../start/commands.ts";

export interface PlaceDeps {
  readonly shell: {
    /** @returns what went wrong; "" = nothing. */
    openPath(path: string): Promise<string>;
    showItemInFolder(path: string): void;
  };
  /** Said of each opening: a page could ask for any number of them. */
  readonly mayOpen: () => boolean;
  readonly copy: (text: string) => void | Promise<void>;
  readonly exists: (path: string) => Promise<boolean>;
}

/** @throws UserError where it cannot be done. */
export async function usePlace(place: Place, act: PlaceAct, view: View, deps: PlaceDeps): Promise<void> {
  if (!ACTS_OF[place].includes(act)) throw new UserError("That cannot be done here.", 2);
  const path = pathOf(place, view);
  if (path === null) throw stillStarting();
  if (act === "copy") return deps.copy(path);
  if (!(await deps.exists(path))) throw new UserError(placeMissing(path), 3);
  if (!deps.mayOpen()) return;
  if (act === "show") return deps.shell.showItemInFolder(path);
  if ((await deps.shell.openPath(path)) !== "") throw new UserError(placeNotOpened(path), 3);
}
