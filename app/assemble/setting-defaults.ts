import { credentialPath } from "../credentials/find/locate.ts";
import { createProviders, endpointsInUse } from "../providers/registry.ts";
import { type Stored, withValue } from "../shared/setting-keys.ts";
import { parseSettings } from "../shared/settings.ts";
import { PING_MODE_BY_DEFAULT, type Surroundings } from "./options.ts";

/** @returns what counts where the settings file says nothing, in its own form. Flags and environment are not looked at. */
export function settingDefaults({ env, home, cwd, platform }: Surroundings): Stored {
  const places = { flag: undefined, env: { XDG_DATA_HOME: env["XDG_DATA_HOME"] }, settings: undefined };
  const { path } = credentialPath({ ...places, home, cwd, platform });
  const { schedule, ping, notifications, logLevel } = parseSettings({});
  const plain: Stored = {
    authFile: path,
    schedule,
    ping: { ...ping, mode: PING_MODE_BY_DEFAULT },
    notifications,
    logLevel,
  };
  const providers = createProviders({ endpoints: new Map(), pingModel: () => undefined });
  return endpointsInUse(new Map()).reduce((all, { provider: id, ...endpoints }) => {
    const pingModel = providers.get(id)?.pingTarget();
    return withValue(all, ["providers", id], { ...endpoints, pingModel });
  }, plain);
}
