/** What a file of a provider brings to the registry. */
import type { Provider } from "../ports/provider.ts";
import type { Endpoints } from "./endpoints.ts";

/** What an adapter is made with. */
export interface AdapterConfig extends Endpoints {
  /** What message pings are to ask, as the user chose; undefined = the adapter's default. Asked at each: it may change. */
  readonly pingModel: () => string | undefined;
}

export interface Adapter {
  /** The name under which a credential file holds its logins. */
  readonly id: string;
  /** Where it answers, unless the user says otherwise. */
  readonly endpoints: Endpoints;
  readonly create: (config: AdapterConfig) => Provider;
}
