/** A time in which a keeper ran and the machine was awake (wall ms); `until` null = it still does. */
export interface Span {
  readonly from: number;
  readonly until: number | null;
}
