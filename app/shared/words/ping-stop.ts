import type { PingStop } from "../login/ping.ts";

/** @returns why message pings stopped, one sentence with what to do or what goes on. */
export function pingStopSentence(stop: PingStop): string {
  switch (stop.kind) {
    case "notOffered":
      return `Message pings stopped: the provider no longer offers ${stop.target}; choose another model in the settings.`;
    case "paidSeparately":
      return "Message pings stopped: the provider wants them to be paid for separately; the profile check goes on.";
    case "againstPolicy":
      return "Message pings stopped: the provider's policy refuses them with this login; the profile check goes on.";
  }
}
