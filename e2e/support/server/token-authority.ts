import { randomBytes, randomUUID } from "node:crypto";

/** What a token server decides by. Times in seconds, as on the wire. */
export interface TokenRules {
  /** null: any client may ask. */
  readonly clientId: string | null;
  readonly expiresIn: number;
  /** null: the answer does not say when the login itself ends, and it does not. */
  readonly refreshTokenExpiresIn: number | null;
  /** Does a refresh end the access tokens that came before it? */
  readonly endsOldAccess: boolean;
}

export const defaultRules: TokenRules = {
  clientId: "9d1c250a-e61b-44d9-88ed-5944d1962f5e",
  expiresIn: 8 * 3600,
  refreshTokenExpiresIn: null,
  endsOldAccess: false,
};

/** A pair as a credential file holds it: `expires` in ms since the epoch. */
export interface IssuedPair {
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
  readonly accountUuid: string;
}

interface Family {
  readonly accountUuid: string;
  readonly endsAt: number | null;
  current: string;
  revoked: boolean;
  readonly access: Map<string, number>;
}

export type Redemption =
  | { readonly kind: "rotated"; readonly pair: IssuedPair }
  /** A new access token; the refresh token was not spent. */
  | { readonly kind: "kept"; readonly pair: IssuedPair }
  | { readonly kind: "refused"; readonly why: "unknown" | "reused" | "revoked" | "ended" };

/**
 * Logins with single-use refresh tokens: each redemption ends the token and gives its successor, and a token that comes a
 * second time revokes the whole family, successors and access tokens included. No network, no waiting: one call is one step.
 */
export class TokenAuthority {
  readonly #rules: TokenRules;
  readonly #now: () => number;
  readonly #families = new Map<string, Family>();
  readonly #redemptions = new Map<string, number>();

  readonly #expiresIn: (accountUuid: string) => number;

  /**
   * @param now ms since the epoch
   * @param expiresIn how long the next access token of an account lives, in seconds; asked once for each. Default: as the
   * rules say.
   */
  constructor(
    rules: TokenRules,
    now: () => number = Date.now,
    expiresIn: (accountUuid: string) => number = () => rules.expiresIn,
  ) {
    this.#rules = rules;
    this.#now = now;
    this.#expiresIn = expiresIn;
  }

  /** A new login. */
  issue(accountUuid: string = randomUUID(), endsIn: number | null = this.#rules.refreshTokenExpiresIn): IssuedPair {
    const refresh = newToken("ort");
    const endsAt = endsIn === null ? null : this.#now() + endsIn * 1000;
    const family: Family = { accountUuid, endsAt, current: refresh, revoked: false, access: new Map() };
    this.#families.set(refresh, family);
    return this.#pair(family);
  }

  /** @param rotate false: hand out an access token and leave the refresh token as it is */
  redeem(refresh: string, rotate = true): Redemption {
    const family = this.#families.get(refresh);
    if (family === undefined) return { kind: "refused", why: "unknown" };
    this.#redemptions.set(refresh, this.redemptions(refresh) + 1);
    if (family.revoked) return { kind: "refused", why: "revoked" };
    if (family.current !== refresh) {
      family.revoked = true;
      return { kind: "refused", why: "reused" };
    }
    if (family.endsAt !== null && family.endsAt <= this.#now()) return { kind: "refused", why: "ended" };
    if (this.#rules.endsOldAccess) family.access.clear();
    if (!rotate) return { kind: "kept", pair: this.#pair(family) };
    family.current = newToken("ort");
    this.#families.set(family.current, family);
    return { kind: "rotated", pair: this.#pair(family) };
  }

  /** How often this refresh token was sent, refusals included. */
  redemptions(refresh: string): number {
    return this.#redemptions.get(refresh) ?? 0;
  }

  /** Would this refresh token be redeemed now? */
  isCurrent(refresh: string): boolean {
    const family = this.#families.get(refresh);
    return family !== undefined && !family.revoked && family.current === refresh;
  }

  /** @returns the newest refresh token of the login to which this one belongs, or null for a stranger. */
  newestOf(refresh: string): string | null {
    return this.#families.get(refresh)?.current ?? null;
  }

  isRevoked(refresh: string): boolean {
    return this.#families.get(refresh)?.revoked ?? false;
  }

  /** Ends a login, as a sign-out elsewhere does. */
  revoke(refresh: string): void {
    const family = this.#families.get(refresh);
    if (family !== undefined) family.revoked = true;
  }

  /** @returns the account of a live access token, or null. */
  loginOf(access: string): string | null {
    for (const family of this.#families.values()) {
      const expires = family.access.get(access);
      if (expires !== undefined) return !family.revoked && expires > this.#now() ? family.accountUuid : null;
    }
    return null;
  }

  /** When an access token ends, or ended; null = it was never one. */
  expiryOf(access: string): number | null {
    for (const family of this.#families.values()) {
      const expires = family.access.get(access);
      if (expires !== undefined) return expires;
    }
    return null;
  }

  /** Seconds until an access token ends; 0 = it was never one. */
  lifeOf(access: string): number {
    return Math.round(((this.expiryOf(access) ?? this.#now()) - this.#now()) / 1000);
  }

  /** Seconds until the login ends; null when it does not. */
  endsIn(refresh: string): number | null {
    const endsAt = this.#families.get(refresh)?.endsAt ?? null;
    return endsAt === null ? null : Math.round((endsAt - this.#now()) / 1000);
  }

  #pair(family: Family): IssuedPair {
    const access = newToken("oat");
    const { accountUuid } = family;
    const expires = this.#now() + this.#expiresIn(accountUuid) * 1000;
    family.access.set(access, expires);
    return { access, refresh: family.current, expires, accountUuid };
  }
}

/** In the provider's shape, and marked, so that a leak into any output is found by looking for "planted". */
function newToken(kind: "oat" | "ort"): string {
  return `sk-ant-${kind}01-planted-${randomBytes(24).toString("base64url")}`;
}
