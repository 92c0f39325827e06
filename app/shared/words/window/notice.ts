/** What the window says of pings before the first one leaves, and of each kind of them. Pure. */
import { noticeLeft } from "../../login/ping-notice.ts";
import type { PingMode } from "../../login/snapshot.ts";
import type { View } from "../../view/view.ts";
import { PINGS_PROVE_NOTHING } from "../run.ts";
import type { Part } from "../window.ts";

const code = (text: string): Part => ({ as: "code", text });

/** Around what the notice says. */
export const NOTICE = {
  title: "What Pilot Light sends",
  question: "Which pings shall there be? You can change it in the settings.",
} as const;

/** @returns what is sent where: three lines. */
export function noticeLines(providers: View["providers"]): readonly (readonly Part[])[] {
  const tokenUrls = either(providers.map(({ tokenUrl }) => tokenUrl));
  const apiUrls = either(providers.map(({ apiUrl }) => apiUrl));
  return [
    ["Refreshing: each login's refresh token to ", ...tokenUrls, ", before its access expires."],
    ["Pings: every 30 minutes a request of each healthy login to ", ...apiUrls, `. ${PINGS_PROVE_NOTHING}`],
    ["Nothing else, and to nobody else. Refreshing never waits for pings, or for your choice."],
  ];
}

/** @returns what the providers' terms say; null = nothing. */
export function noticeTerms(providers: View["providers"]): string | null {
  const terms = providers.flatMap(({ termsNote }) => termsNote ?? []).join(" ");
  return terms === "" ? null : `${terms} Please read the terms and decide whether this is right for your logins.`;
}

/** @returns how long the first message ping still waits. */
export function noticeCountdown({ shownAt }: NonNullable<View["notice"]>, now: number): string {
  const seconds = Math.ceil(noticeLeft(shownAt, now) / 1_000);
  if (shownAt === null) return "The first message ping leaves one minute after you have seen this.";
  if (seconds > 0) return `The first message ping leaves in ${seconds} s, unless you choose otherwise.`;
  return "Until you choose, message pings are sent.";
}

// ---- each kind of ping -----------------------------------------------------------------------------------------------

/** A kind of ping to choose, in the order in which they are offered. */
export interface PingChoice {
  readonly mode: PingMode;
  readonly name: string;
  /** What is sent each time. */
  readonly sends: string;
  /** What a day of it costs. */
  readonly costs: string;
}

/** @param dailyTokens the limit, for each login. */
export function pingChoices(providers: View["providers"], dailyTokens: number): readonly PingChoice[] {
  const targets = providers.map(({ pingTarget }) => pingTarget).join(" or ") || "a model";
  return [
    {
      mode: "message",
      name: "Message (the default)",
      sends: `sends the word “ping” to ${targets}`,
      costs: messageCost(dailyTokens),
    },
    { mode: "profile", name: "Profile", sends: "asks for the account's profile", costs: "no tokens" },
    { mode: "off", name: "Off", sends: "sends no pings; refreshing goes on", costs: "no tokens" },
  ];
}

/** What 48 pings of 10 to 20 tokens come to. */
const A_DAY = { least: 500, most: 1_000 } as const;

function messageCost(dailyTokens: number): string {
  const most = `at most ${counted(dailyTokens)}`;
  if (dailyTokens <= A_DAY.least) return `${most} tokens a day for each login`;
  return `${counted(A_DAY.least)} to ${counted(A_DAY.most)} tokens a day for each login, ${most}`;
}

/** "5,000": with a comma whatever the language of the system, as all of the page is English. */
export function counted(count: number): string {
  return count.toLocaleString("en");
}

function either(urls: readonly string[]): readonly Part[] {
  return urls.flatMap((url, at) => (at === 0 ? [code(url)] : [" or ", code(url)]));
}
