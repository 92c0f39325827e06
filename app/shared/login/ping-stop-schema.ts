import * as v from "valibot";

/** Why message pings must stop for a login. `target`: what they asked, as people know it (`Provider.pingTarget`). */
export const pingStopSchema = v.variant("kind", [
  v.object({ kind: v.literal("notOffered"), target: v.string() }),
  v.object({ kind: v.literal("paidSeparately") }),
  v.object({ kind: v.literal("againstPolicy") }),
]);
