/** What a change that the page asked for puts into the settings file. Pure. */
import { UNNAMED_PROVIDER } from "../../providers/registry.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { SettingsChange } from "../../shared/view/settings-change.ts";
import type { View } from "../../shared/view/view.ts";

export interface Put {
  readonly path: readonly string[];
  /** undefined = taken out, so that the default counts. */
  readonly value: unknown;
}

/**
 * @returns what to put where, in this order.
 * @throws UserError for a login or a provider that nobody has: a page could ask for any number of them.
 */
export function putsOf(
  change: SettingsChange,
  { snapshot, providers }: Pick<View, "snapshot" | "providers">,
): readonly Put[] {
  switch (change.key) {
    case "ping.mode":
    case "ping.dailyTokens":
      return [{ path: change.key.split("."), value: change.value }];
    case "schedule":
    case "logLevel":
      return [{ path: [change.key], value: change.value }];
    case "notifications":
      return [{ path: ["notifications", change.kind], value: change.value }];
    case "names": {
      const { login, value } = change;
      if (!(snapshot?.accounts ?? []).some(({ id }) => id === login)) throw new UserError("There is no such login.", 2);
      return [{ path: ["names", login], value: value ?? undefined }];
    }
    case "pingModel": {
      const { provider, value } = change;
      if (!providers.some(({ id }) => id === provider)) throw new UserError("There is no such provider.", 2);
      // Its old place would count instead.
      const old =
        provider === UNNAMED_PROVIDER && value === null ? [{ path: ["ping", "model"], value: undefined }] : [];
      return [{ path: ["providers", provider, "pingModel"], value: value ?? undefined }, ...old];
    }
  }
}
