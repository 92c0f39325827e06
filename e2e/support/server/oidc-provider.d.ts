/** The little of `oidc-provider` 9 that `oidc.ts` uses; the package brings no types. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export interface Client {
    readonly clientId: string;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    /** @returns its id. */
    save(): Promise<string>;
  }

  export interface RefreshToken {
    readonly grantId: string;
    readonly rotations?: number;
    /** @returns the token itself. */
    save(): Promise<string>;
  }

  interface Events {
    "grant.revoked": [context: unknown, grantId: string];
    "grant.success": [context: unknown];
    "grant.error": [context: unknown, error: Error & { readonly error?: string; readonly error_detail?: string }];
    "refresh_token.consumed": [token: RefreshToken];
    "refresh_token.destroyed": [token: RefreshToken];
    "refresh_token.saved": [token: RefreshToken];
    server_error: [context: unknown, error: Error];
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    readonly Client: { find(id: string): Promise<Client | undefined> };
    readonly Grant: new (fields: {
      accountId: string;
      clientId: string;
    }) => Grant;
    readonly RefreshToken: new (fields: {
      accountId: string;
      client: Client;
      grantId: string;
      gty: string;
      scope: string;
    }) => RefreshToken;
    callback(): RequestListener;
    on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this;
  }
}
